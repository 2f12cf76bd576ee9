using System.Text;

namespace DiffusionSharp.Configuration;

/// <summary>Reads the small files of a model, text in whatever encoding an editor left them in; what is wrong with one is a <see cref="ModelFormatException"/> that names it.</summary>
internal static class ModelText
{
    /// <summary>The largest file that is read, in bytes; the largest published tokenizers have half as many.</summary>
    public const int LargestFile = 64 << 20;

    // The longer marks first: UTF-32's little-endian one begins with UTF-16's.
    private static readonly Encoding[] Marked =
    [
        new UTF32Encoding(bigEndian: false, byteOrderMark: true, throwOnInvalidCharacters: true),
        new UTF32Encoding(bigEndian: true, byteOrderMark: true, throwOnInvalidCharacters: true),
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true),
        new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
        new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
    ];

    /// <summary>Reads a file in UTF-8, UTF-16 or UTF-32, with a byte order mark or without one.</summary>
    /// <exception cref="ModelFormatException">The file is missing, cannot be read, is too large, or is no text.</exception>
    public static string Read(string path)
    {
        byte[] bytes = ReadBytes(path);
        (Encoding encoding, int start) = EncodingOf(bytes);
        try
        {
            return encoding.GetString(bytes, start, bytes.Length - start);
        }
        catch (DecoderFallbackException e)
        {
            throw new ModelFormatException(path, $"expected {encoding.WebName.ToUpperInvariant()} text, found an invalid byte at offset {start + e.Index}.", e);
        }
    }

    /// <summary>Reads a file as it is.</summary>
    /// <exception cref="ModelFormatException">The file is missing, cannot be read, or is too large.</exception>
    public static byte[] ReadBytes(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length > LargestFile)
            {
                throw new ModelFormatException(path, $"the file has {file.Length} bytes, but a file of this kind has at most {LargestFile}: it is something else.");
            }

            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelFormatException(path, "the file is missing.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ModelFormatException(path, $"the file cannot be read: {e.Message}", e);
        }
    }

    // Without a mark by the zeros that UTF-16 and UTF-32 have around the first character, which is ASCII in every file of this kind.
    private static (Encoding Encoding, int Start) EncodingOf(ReadOnlySpan<byte> bytes)
    {
        foreach (Encoding encoding in Marked)
        {
            if (bytes.StartsWith(encoding.Preamble))
            {
                return (encoding, encoding.Preamble.Length);
            }
        }

        return bytes switch
        {
            [not 0, 0, 0, 0, ..] => (Marked[0], 0),
            [0, 0, 0, not 0, ..] => (Marked[1], 0),
            [not 0, 0, ..] => (Marked[3], 0),
            [0, not 0, ..] => (Marked[4], 0),
            _ => (Marked[2], 0),
        };
    }
}
