using System.Buffers.Binary;

namespace DiffusionSharp.ImageSharp.Files;

/// <summary>The blocks of a GIF file up to its first picture (GIF89a specification).</summary>
internal static class GifFile
{
    private const int HeadLength = 13;
    private const byte Extension = 0x21;
    private const byte Picture = 0x2C;
    private const byte Comment = 0xFE;

    public static PictureHeader ReadHeader(ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        var header = new PictureHeader();
        header.Cover(BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]));
        int colors = (bytes[10] & 0x80) == 0 ? 0 : 3 << ((bytes[10] & 7) + 1);
        ReadOnlySpan<byte> rest = bytes[(HeadLength + colors)..];
        while (rest[0] == Extension)
        {
            byte label = rest[1];
            rest = rest[2..];
            var text = new MemoryStream();
            while (rest[0] is var length and > 0)
            {
                if (label == Comment)
                {
                    text.Write(rest.Slice(1, length));
                }

                rest = rest[(1 + length)..];
            }

            rest = rest[1..];
            if (label == Comment)
            {
                header.AddComment(text.ToArray());
            }
        }

        if (rest[0] != Picture)
        {
            throw new InvalidDataException("it has no picture.");
        }

        header.Cover(BinaryPrimitives.ReadUInt16LittleEndian(rest[5..]), BinaryPrimitives.ReadUInt16LittleEndian(rest[7..]));
        return header;
    }
}
