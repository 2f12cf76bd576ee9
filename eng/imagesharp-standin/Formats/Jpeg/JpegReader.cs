using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>Reads baseline JPEG files, gray or color, with or without subsampling.</summary>
internal sealed class JpegReader : IImageReader
{
    public bool Recognises(ReadOnlySpan<byte> file) => file.StartsWith<byte>([0xFF, JpegMarker.Start, 0xFF]);

    public ImageInfo Identify(byte[] file) => new(JpegFile.Read(file, headerOnly: true).Size, new ImageMetadata());

    public Image Read(byte[] file)
    {
        JpegFile jpeg = JpegFile.Read(file, headerOnly: false);
        return jpeg.Components.Length == 1 ? Read<L8>(jpeg) : Read<Rgb24>(jpeg);
    }

    private static Image<TPixel> Read<TPixel>(JpegFile jpeg)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        var image = new Image<TPixel>(jpeg.Size.Width, jpeg.Size.Height);
        for (int y = 0; y < image.Height; y++)
        {
            Span<TPixel> row = image.Row(y);
            for (int x = 0; x < row.Length; x++)
            {
                row[x].FromRgba32(jpeg.ColorAt(x, y));
            }
        }

        return image;
    }
}
