using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Reads PNG files of up to 8 bits per channel that are not interlaced.</summary>
internal sealed class PngReader : IImageReader
{
    public bool Recognises(ReadOnlySpan<byte> file) => file.StartsWith(PngChunks.Signature);

    public ImageInfo Identify(byte[] file)
    {
        PngParts parts = PngParts.Read(file);
        return new ImageInfo(new Size(parts.Header.Width, parts.Header.Height), MetadataOf(parts));
    }

    public Image Read(byte[] file)
    {
        PngParts parts = PngParts.Read(file);
        if (parts.Header.BitDepth > 8)
        {
            throw StandIn.Cannot("read PNG files of 16 bits per channel");
        }

        if (parts.Header.Interlaced)
        {
            throw StandIn.Cannot("read interlaced PNG files");
        }

        return parts.Header.ColorType switch
        {
            PngColorType.Grayscale when !parts.Palette.HasTransparency => Read<L8>(parts),
            PngColorType.Rgb when !parts.Palette.HasTransparency => Read<Rgb24>(parts),
            _ => Read<Rgba32>(parts),
        };
    }

    private static Image<TPixel> Read<TPixel>(PngParts parts)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        PngHeader header = parts.Header;
        byte[] filtered = Zlib.Decompress(parts.Data);
        int bytesPerRow = header.BytesPerRow;
        var image = new Image<TPixel>(header.Width, header.Height, MetadataOf(parts));
        ReadOnlySpan<byte> above = new byte[bytesPerRow];
        for (int y = 0; y < header.Height; y++)
        {
            Span<byte> row = filtered.AsSpan(y * (bytesPerRow + 1), bytesPerRow + 1);
            PngFilter.Undo(row[0], row[1..], above, header.BytesPerPixel);
            above = row[1..];
            PngPixels.Unpack(above, header, parts.Palette, image.Row(y));
        }

        return image;
    }

    private static ImageMetadata MetadataOf(PngParts parts) =>
        new() { Png = new PngMetadata { ColorType = parts.Header.ColorType, TextData = parts.Texts } };
}
