using System.Buffers.Binary;

namespace DiffusionSharp.ImageSharp.Files;

/// <summary>The segments of a JPEG file (ITU-T T.81, annex B).</summary>
internal static class JpegFile
{
    private const byte Prefix = 0xFF;
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte App0 = 0xE0;
    private const byte App1 = 0xE1;
    private const byte Comment = 0xFE;

    /// <summary>Every scan of a progressive file passes over all pixels. Encoders write about ten; thousands would only keep the reader busy.</summary>
    private const int MaxScans = 50;

    private const int MaxSegment = ushort.MaxValue - 2;

    public static ReadOnlySpan<byte> Signature => [Prefix, StartOfImage, Prefix];

    private static ReadOnlySpan<byte> ExifPrefix => "Exif\0\0"u8;

    private static ReadOnlySpan<byte> XmpPrefix => "http://ns.adobe.com/xap/1.0/\0"u8;

    public static PictureHeader ReadHeader(ReadOnlyMemory<byte> file)
    {
        var header = new PictureHeader();
        var exif = new List<ReadOnlyMemory<byte>>();
        int scans = 0;
        ReadOnlyMemory<byte> rest = file[2..];
        while (NextMarker(rest.Span) is var start and >= 0)
        {
            byte marker = rest.Span[start];
            rest = rest[(start + 1)..];
            if (marker == EndOfImage)
            {
                header.Exif = Join(exif);
                return header;
            }

            if (marker == StartOfImage)
            {
                continue;
            }

            int length = rest.Length < 2 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(rest.Span);
            if (length < 2 || length > rest.Length)
            {
                break;
            }

            ReadSegment(header, exif, marker, rest[2..length]);
            rest = rest[length..];
            if (marker == StartOfScan && ++scans > MaxScans)
            {
                throw new InvalidDataException($"it has more than {MaxScans} scans.");
            }
        }

        throw new InvalidDataException("it ends early.");
    }

    /// <summary>The file with an EXIF structure, behind what JFIF wants first; in several segments where one is too small.</summary>
    public static byte[] WithExif(ReadOnlySpan<byte> file, ReadOnlySpan<byte> exif)
    {
        int place = 2;
        if (file[3] == App0)
        {
            place += 2 + BinaryPrimitives.ReadUInt16BigEndian(file[4..]);
        }

        using var result = new MemoryStream(file.Length + exif.Length + 64);
        result.Write(file[..place]);
        Span<byte> head = stackalloc byte[4];
        while (!exif.IsEmpty)
        {
            ReadOnlySpan<byte> part = exif[..Math.Min(exif.Length, MaxSegment - ExifPrefix.Length)];
            (head[0], head[1]) = (Prefix, App1);
            BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)(2 + ExifPrefix.Length + part.Length));
            result.Write(head);
            result.Write(ExifPrefix);
            result.Write(part);
            exif = exif[part.Length..];
        }

        result.Write(file[place..]);
        return result.ToArray();
    }

    // Where the code of the next marker stands; -1 when there is none. Stuffed zeros, fill bytes and restarts belong to the pixels.
    private static int NextMarker(ReadOnlySpan<byte> bytes)
    {
        for (int start = 0; ;)
        {
            int prefix = bytes[start..].IndexOf(Prefix);
            start += prefix + 1;
            if (prefix < 0 || start >= bytes.Length)
            {
                return -1;
            }

            if (bytes[start] is not (0 or 1 or Prefix or (>= 0xD0 and <= 0xD7)))
            {
                return start;
            }
        }
    }

    private static void ReadSegment(PictureHeader header, List<ReadOnlyMemory<byte>> exif, byte marker, ReadOnlyMemory<byte> data)
    {
        switch (marker)
        {
            case App1 when data.Span.StartsWith(ExifPrefix):
                exif.Add(data[ExifPrefix.Length..]);
                break;
            case App1 when data.Span.StartsWith(XmpPrefix):
                header.Xmp = data[XmpPrefix.Length..];
                break;
            case Comment:
                header.AddComment(data);
                break;
            case >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC):
                header.Cover(BinaryPrimitives.ReadUInt16BigEndian(data.Span[3..]), BinaryPrimitives.ReadUInt16BigEndian(data.Span[1..]));
                break;
        }
    }

    private static ReadOnlyMemory<byte> Join(List<ReadOnlyMemory<byte>> parts)
    {
        if (parts.Count < 2)
        {
            return parts.Count == 0 ? default : parts[0];
        }

        using var joined = new MemoryStream();
        parts.ForEach(part => joined.Write(part.Span));
        return joined.ToArray();
    }
}
