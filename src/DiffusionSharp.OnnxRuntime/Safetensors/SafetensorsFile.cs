using System.Buffers.Binary;

namespace DiffusionSharp.OnnxRuntime.Safetensors;

/// <summary>
/// The header of a safetensors file, which says what lies where; the weights themselves are not read. The format: eight bytes with the length of
/// the header, the header in JSON, the bytes of all tensors without a gap (https://huggingface.co/docs/safetensors). Nothing in it is believed
/// before it is checked.
/// </summary>
internal sealed class SafetensorsFile
{
    /// <summary>The longest header that the format allows, in bytes.</summary>
    public const int LongestHeader = 100_000_000;

    private const int LengthSize = sizeof(ulong);

    private SafetensorsFile(string path, IReadOnlyDictionary<string, StoredTensor> tensors, IReadOnlyDictionary<string, string> metadata) =>
        (Path, Tensors, Metadata) = (path, tensors, metadata);

    /// <summary>The file, from the root of its drive.</summary>
    public string Path { get; }

    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>What the file says of itself; mostly empty.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <exception cref="ModelFormatException">The file is missing, cannot be read, is a Python pickle, or its header is damaged.</exception>
    public static SafetensorsFile Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        if (Pickles.Refusal(path) is { } refusal)
        {
            throw new ModelFormatException(path, refusal);
        }

        (byte[] header, long fileLength) = ReadHeader(path);
        var reader = new HeaderReader(path, LengthSize + header.Length, fileLength);
        reader.Read(header);
        return new SafetensorsFile(path, reader.Tensors, reader.Metadata);
    }

    private static (byte[] Header, long FileLength) ReadHeader(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            Span<byte> start = stackalloc byte[LengthSize];
            if (file.ReadAtLeast(start, LengthSize, throwOnEndOfStream: false) < LengthSize)
            {
                throw new ModelFormatException(path, $"the file has {file.Length} bytes, too few for a safetensors file: the download was cut off.");
            }

            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(start);
            if (length > LongestHeader || (long)length > file.Length - LengthSize)
            {
                throw new ModelFormatException(path, SomethingElse(start)
                    ?? $"the header is to have {length} bytes, but the file has {file.Length} and a header at most {LongestHeader}: the file is cut off, or no safetensors file.");
            }

            var header = new byte[length];
            file.ReadExactly(header);
            return (header, file.Length);
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

    // What people have under this name and is something else.
    private static string? SomethingElse(ReadOnlySpan<byte> start)
    {
        if (start.SequenceEqual("version "u8))
        {
            return "is a pointer of Git LFS in place of the weights: fetch the file itself (git lfs pull).";
        }

        bool isZip = start.StartsWith("PK\x03\x04"u8);
        bool isPickle = start[0] == 0x80 && start[1] is > 1 and < 6;
        return isZip || isPickle ? Pickles.Reason : null;
    }
}
