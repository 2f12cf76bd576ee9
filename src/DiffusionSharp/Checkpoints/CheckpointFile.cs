using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DiffusionSharp;

/// <summary>The bytes of a checkpoint: a header, then two blocks, each with its length before and a checksum behind it.</summary>
internal static class CheckpointFile
{
    /// <summary>Goes up with every change of what is written, for which no older version could make up.</summary>
    public const int Version = 1;

    private const int ReadAtOnce = 1 << 20;

    public static ReadOnlySpan<byte> Magic => "DSHARPCK"u8;

    public static int HeaderLength => Magic.Length + sizeof(int);

    /// <summary>The front as it stands at the beginning of every checkpoint of a generation.</summary>
    public static byte[] Front(ReadOnlySpan<byte> payload)
    {
        using var stream = new MemoryStream();
        stream.Write(Magic);
        Span<byte> version = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(version, Version);
        stream.Write(version);
        WriteBlock(stream, payload);
        return stream.ToArray();
    }

    public static void WriteBlock(Stream stream, ReadOnlySpan<byte> payload)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, payload.Length);
        stream.Write(length);
        stream.Write(payload);
        stream.Write(SHA256.HashData(payload));
    }

    /// <summary>Both payloads of a checkpoint, checked.</summary>
    public static (byte[] Front, byte[] Step) Read(Stream stream)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length || !header.StartsWith(Magic))
        {
            throw new CheckpointException("This is no checkpoint of a generation.");
        }

        int version = BinaryPrimitives.ReadInt32LittleEndian(header[Magic.Length..]);
        return version == Version
            ? (ReadBlock(stream), ReadBlock(stream))
            : throw new CheckpointException($"The checkpoint is of version {version}, and this library reads version {Version}: go on with it where it was written.");
    }

    private static byte[] ReadBlock(Stream stream)
    {
        Span<byte> prefix = stackalloc byte[sizeof(long)];
        Fill(stream, prefix);
        long length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length < 0 || length > Array.MaxLength || (stream.CanSeek && length > stream.Length - stream.Position))
        {
            throw Torn();
        }

        // A part at a time, so that a length that is not true takes no memory for what is not there.
        var payload = new MemoryStream();
        var part = new byte[(int)Math.Min(length, ReadAtOnce)];
        for (long left = length; left > 0; left -= part.Length)
        {
            Span<byte> next = part.AsSpan(0, (int)Math.Min(left, part.Length));
            Fill(stream, next);
            payload.Write(next);
        }

        Span<byte> checksum = stackalloc byte[SHA256.HashSizeInBytes];
        Fill(stream, checksum);
        byte[] bytes = payload.ToArray();
        return checksum.SequenceEqual(SHA256.HashData(bytes)) ? bytes : throw Torn();
    }

    private static void Fill(Stream stream, Span<byte> destination)
    {
        if (stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) < destination.Length)
        {
            throw Torn();
        }
    }

    private static CheckpointException Torn() => new("The checkpoint is torn: it was not written whole, or was changed since. Go on from an earlier one.");
}
