using System.Buffers.Binary;

namespace DiffusionSharp.ImageSharp.Files;

/// <summary>The chunks of a WebP file (RFC 9649, section 2).</summary>
internal static class WebpFile
{
    private const int ChunkHead = 8;
    private const int FileHead = 12;
    private const int ExtendedLength = 10;
    private const int FrameHead = 16;
    private const byte HasExif = 0x08;
    private const byte HasAlpha = 0x10;

    public static PictureHeader ReadHeader(ReadOnlyMemory<byte> file)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(file.Span[4..]) > file.Length - ChunkHead)
        {
            throw new InvalidDataException("it ends early.");
        }

        var header = new PictureHeader();
        foreach ((ReadOnlyMemory<byte> type, ReadOnlyMemory<byte> data) in Chunks(file[FileHead..]))
        {
            ReadChunk(header, type.Span, data);
        }

        return header;
    }

    /// <summary>The first picture of an animation as a file of its own, and where on the canvas its corner is; null for what is no animation.</summary>
    public static (byte[] File, int X, int Y, int Width, int Height)? FirstFrame(ReadOnlyMemory<byte> file)
    {
        PictureHeader header = ReadHeader(file);
        foreach ((ReadOnlyMemory<byte> type, ReadOnlyMemory<byte> data) in Chunks(file[FileHead..]))
        {
            if (type.Span.SequenceEqual("ANMF"u8))
            {
                ReadOnlySpan<byte> frame = data.Span;
                byte[] alone = Extended(frame[FrameHead..], frame[FrameHead..].StartsWith("VP8 "u8) ? (byte)0 : HasAlpha, ReadUInt24(frame[6..]), ReadUInt24(frame[9..]));
                return (alone, 2 * ReadUInt24(frame), 2 * ReadUInt24(frame[3..]), header.Width, header.Height);
            }
        }

        return null;
    }

    /// <summary>The file of one lossy picture with an EXIF structure, for which it gets the extended head.</summary>
    public static byte[] WithExif(ReadOnlySpan<byte> file, int width, int height, ReadOnlySpan<byte> exif)
    {
        using var chunks = new MemoryStream(file.Length + exif.Length);
        chunks.Write(file[FileHead..]);
        WriteChunk(chunks, "EXIF"u8, exif);
        return Extended(chunks.GetBuffer().AsSpan(0, (int)chunks.Length), HasExif, width - 1, height - 1);
    }

    private static IEnumerable<(ReadOnlyMemory<byte> Type, ReadOnlyMemory<byte> Data)> Chunks(ReadOnlyMemory<byte> rest)
    {
        while (rest.Length >= ChunkHead)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(rest.Span[4..]);
            if (length > rest.Length - ChunkHead)
            {
                throw new InvalidDataException("it ends early.");
            }

            yield return (rest[..4], rest.Slice(ChunkHead, (int)length));
            rest = rest[Math.Min(rest.Length, ChunkHead + (int)length + ((int)length & 1))..];
        }
    }

    private static byte[] Extended(ReadOnlySpan<byte> chunks, byte flags, int lastColumn, int lastRow)
    {
        Span<byte> head = stackalloc byte[ExtendedLength];
        head.Clear();
        head[0] = flags;
        WriteUInt24(head[4..], lastColumn);
        WriteUInt24(head[7..], lastRow);

        using var file = new MemoryStream(chunks.Length + 64);
        file.Write("RIFF\0\0\0\0WEBP"u8);
        WriteChunk(file, "VP8X"u8, head);
        file.Write(chunks);
        byte[] bytes = file.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - ChunkHead);
        return bytes;
    }

    private static void ReadChunk(PictureHeader header, ReadOnlySpan<byte> type, ReadOnlyMemory<byte> data)
    {
        ReadOnlySpan<byte> bytes = data.Span;
        if (type.SequenceEqual("VP8X"u8))
        {
            header.Cover(1 + ReadUInt24(bytes[4..]), 1 + ReadUInt24(bytes[7..]));
        }
        else if (type.SequenceEqual("VP8 "u8))
        {
            // A tag of 3 bytes, a start code of 3, then 14 bits of size and 2 of scale each (RFC 6386, section 9.1).
            header.Cover(BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) & 0x3FFF);
        }
        else if (type.SequenceEqual("VP8L"u8))
        {
            // One byte of signature, then 14 bits each, less 1 (RFC 9649, section 3.4).
            uint sizes = BinaryPrimitives.ReadUInt32LittleEndian(bytes[1..]);
            header.Cover((int)(sizes & 0x3FFF) + 1, (int)((sizes >> 14) & 0x3FFF) + 1);
        }
        else if (type.SequenceEqual("ANMF"u8))
        {
            header.Cover(1 + ReadUInt24(bytes[6..]), 1 + ReadUInt24(bytes[9..]));
        }
        else if (type.SequenceEqual("EXIF"u8))
        {
            header.Exif = data;
        }
        else if (type.SequenceEqual("XMP "u8))
        {
            header.Xmp = data;
        }
    }

    private static void WriteChunk(MemoryStream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, data.Length);
        file.Write(type);
        file.Write(length);
        file.Write(data);
        if (data.Length % 2 != 0)
        {
            file.WriteByte(0);
        }
    }

    private static int ReadUInt24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);

    private static void WriteUInt24(Span<byte> bytes, int value) =>
        (bytes[0], bytes[1], bytes[2]) = ((byte)value, (byte)(value >> 8), (byte)(value >> 16));
}
