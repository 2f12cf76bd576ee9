using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Rows of pixels to and from rows of samples.</summary>
internal static class PngPixels
{
    public static void Pack<TPixel>(ReadOnlySpan<TPixel> pixels, PngColorType colorType, Span<byte> samples)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        int at = 0;
        Rgba32 rgba = default;
        L8 luminance = default;
        foreach (TPixel pixel in pixels)
        {
            pixel.ToRgba32(ref rgba);
            if (colorType is PngColorType.Rgb or PngColorType.RgbWithAlpha)
            {
                samples[at++] = rgba.R;
                samples[at++] = rgba.G;
                samples[at++] = rgba.B;
            }
            else
            {
                luminance.FromRgba32(rgba);
                samples[at++] = luminance.PackedValue;
            }

            if (colorType is PngColorType.RgbWithAlpha or PngColorType.GrayscaleWithAlpha)
            {
                samples[at++] = rgba.A;
            }
        }
    }

    public static void Unpack<TPixel>(ReadOnlySpan<byte> row, PngHeader header, PngPalette palette, Span<TPixel> pixels)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        int channels = header.Channels;
        for (int x = 0; x < pixels.Length; x++)
        {
            int at = x * channels;
            pixels[x].FromRgba32(header.ColorType switch
            {
                PngColorType.Palette => palette[Sample(row, x, header.BitDepth)],
                PngColorType.Grayscale => palette.Gray(Sample(row, x, header.BitDepth), header.BitDepth),
                PngColorType.GrayscaleWithAlpha => new Rgba32(row[at], row[at], row[at], row[at + 1]),
                PngColorType.Rgb => palette.Rgb(row[at], row[at + 1], row[at + 2]),
                _ => new Rgba32(row[at], row[at + 1], row[at + 2], row[at + 3]),
            });
        }
    }

    /// <summary>Samples of fewer than 8 bits fill a byte from its highest bits.</summary>
    private static int Sample(ReadOnlySpan<byte> row, int x, int bitDepth)
    {
        int bit = x * bitDepth;
        return (row[bit / 8] >> (8 - bitDepth - (bit % 8))) & ((1 << bitDepth) - 1);
    }
}
