using System.IO.Compression;
using System.Text;
using System.Text.Unicode;

namespace DiffusionSharp.ImageSharp.Files;

/// <summary>A text chunk of a PNG file: <c>tEXt</c>, <c>zTXt</c> or <c>iTXt</c>.</summary>
/// <param name="Keyword">Its name.</param>
/// <param name="Value">The bytes of the text.</param>
/// <param name="IsCompressed">Whether they are a zlib stream.</param>
/// <param name="IsUtf8">Whether they are UTF-8 for sure; otherwise the specification says Latin-1, and some tools write UTF-8 all the same.</param>
internal sealed record PngText(string Keyword, ReadOnlyMemory<byte> Value, bool IsCompressed, bool IsUtf8)
{
    /// <summary>Where the parameters are kept.</summary>
    public const string ParametersKeyword = "parameters";

    /// <summary>A longer text is no text but an attempt to fill the memory.</summary>
    private const int MaxLength = 16 << 20;

    /// <summary>Whether bytes that are Latin-1 to their writer would be read as UTF-8.</summary>
    public static bool IsAmbiguous(string text) =>
        text.AsSpan().ContainsAnyExceptInRange('\0', '\x7F') && !text.AsSpan().ContainsAnyExceptInRange('\0', '\xFF') && Utf8.IsValid(Encoding.Latin1.GetBytes(text));

    /// <summary>Parses a chunk; null when it is damaged or of another type.</summary>
    public static PngText? Parse(ReadOnlySpan<byte> type, ReadOnlyMemory<byte> data)
    {
        int end = data.Span.IndexOf((byte)0);
        if (end < 0)
        {
            return null;
        }

        string keyword = Encoding.Latin1.GetString(data.Span[..end]);
        ReadOnlyMemory<byte> rest = data[(end + 1)..];
        if (type.SequenceEqual("tEXt"u8))
        {
            return new PngText(keyword, rest, IsCompressed: false, IsUtf8: false);
        }

        if (type.SequenceEqual("zTXt"u8))
        {
            return rest.IsEmpty ? null : new PngText(keyword, rest[1..], IsCompressed: true, IsUtf8: false);
        }

        return type.SequenceEqual("iTXt"u8) && rest.Length > 2 && AfterNull(rest[2..]) is { } translated && AfterNull(translated) is { } value
            ? new PngText(keyword, value, rest.Span[0] == 1, IsUtf8: true)
            : null;
    }

    /// <summary>The text.</summary>
    /// <exception cref="InvalidDataException">It does not unpack, or is too long.</exception>
    public string Decode()
    {
        ReadOnlySpan<byte> bytes = Unpack().Span;
        return IsUtf8 || Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
    }

    /// <summary>The bytes of the text.</summary>
    /// <exception cref="InvalidDataException">They do not unpack, or are too many.</exception>
    public ReadOnlyMemory<byte> Unpack()
    {
        if (!IsCompressed)
        {
            return Value;
        }

        using var zlib = new ZLibStream(new MemoryStream(Value.ToArray()), CompressionMode.Decompress);
        var text = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        int count;
        while ((count = zlib.Read(buffer)) > 0)
        {
            text.Write(buffer, 0, count);
            if (text.Length > MaxLength)
            {
                throw new InvalidDataException($"its text '{Keyword}' unpacks to more than {MaxLength} bytes.");
            }
        }

        return text.GetBuffer().AsMemory(0, (int)text.Length);
    }

    private static ReadOnlyMemory<byte>? AfterNull(ReadOnlyMemory<byte> bytes)
    {
        int end = bytes.Span.IndexOf((byte)0);
        return end < 0 ? null : bytes[(end + 1)..];
    }
}
