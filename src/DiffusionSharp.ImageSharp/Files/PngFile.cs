using System.Buffers.Binary;

namespace DiffusionSharp.ImageSharp.Files;

/// <summary>The chunks of a PNG file (W3C PNG specification, third edition).</summary>
internal static class PngFile
{
    private const int ChunkFrame = 12;
    private const string XmpKeyword = "XML:com.adobe.xmp";

    public static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    public static PictureHeader ReadHeader(ReadOnlyMemory<byte> file)
    {
        var header = new PictureHeader();
        for (ReadOnlyMemory<byte> rest = file[Signature.Length..]; rest.Length >= ChunkFrame;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(rest.Span);
            if (length > rest.Length - ChunkFrame)
            {
                break;
            }

            ReadOnlySpan<byte> type = rest.Span.Slice(4, 4);
            if (type.SequenceEqual("IEND"u8))
            {
                return header;
            }

            ReadChunk(header, type, rest.Slice(8, (int)length));
            rest = rest[(ChunkFrame + (int)length)..];
        }

        throw new InvalidDataException("it ends early.");
    }

    // Pixels are no worse for what is written about them.
    private static ReadOnlyMemory<byte> UnpackOrNothing(PngText text)
    {
        try
        {
            return text.Unpack();
        }
        catch (InvalidDataException)
        {
            return default;
        }
    }

    private static void ReadChunk(PictureHeader header, ReadOnlySpan<byte> type, ReadOnlyMemory<byte> data)
    {
        if (type.SequenceEqual("IHDR"u8))
        {
            header.Cover(BinaryPrimitives.ReadInt32BigEndian(data.Span), BinaryPrimitives.ReadInt32BigEndian(data.Span[4..]));
        }
        else if (type.SequenceEqual("eXIf"u8))
        {
            header.Exif = data;
        }
        else if (type.EndsWith("Xt"u8) && PngText.Parse(type, data) is { } text)
        {
            if (text.Keyword == PngText.ParametersKeyword)
            {
                header.Parameters ??= text;
            }
            else if (text.Keyword == XmpKeyword)
            {
                header.Xmp = UnpackOrNothing(text);
            }
        }
    }
}
