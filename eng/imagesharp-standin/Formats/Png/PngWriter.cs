using System.IO.Compression;
using SixLabors.ImageSharp.Formats.Png.Chunks;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Png;

internal static class PngWriter
{
    public static byte[] Write<TPixel>(Image<TPixel> image, PngEncoder encoder)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        PngMetadata metadata = image.Metadata.Png;
        var header = new PngHeader(image.Width, image.Height, BitDepth: 8, ColorTypeOf(image, encoder), Interlaced: false);

        using var file = new MemoryStream();
        file.Write(PngChunks.Signature);
        PngChunks.Write(file, "IHDR", header.ToBytes());
        if (!encoder.SkipMetadata)
        {
            foreach (PngTextData text in metadata.TextData)
            {
                PngText.Write(file, text, encoder.TextCompressionThreshold);
            }
        }

        PngChunks.Write(file, "IDAT", Zlib.Compress(Filter(image, header), CompressionLevel.Optimal));
        PngChunks.Write(file, "IEND", []);
        return file.ToArray();
    }

    private static PngColorType ColorTypeOf<TPixel>(Image<TPixel> image, PngEncoder encoder)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        if (encoder.ColorType is PngColorType.Palette)
        {
            throw StandIn.Cannot("write PNG files with a palette");
        }

        PngColorType suitable = default(TPixel) switch
        {
            L8 => PngColorType.Grayscale,
            Rgb24 => PngColorType.Rgb,
            _ => PngColorType.RgbWithAlpha,
        };
        PngColorType? read = image.Metadata.Png.ColorType;
        return encoder.ColorType ?? (read is PngColorType.Palette ? suitable : read ?? suitable);
    }

    private static byte[] Filter<TPixel>(Image<TPixel> image, PngHeader header)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        int bytesPerRow = header.BytesPerRow;
        byte[] filtered = new byte[checked((bytesPerRow + 1) * header.Height)];
        byte[] above = new byte[bytesPerRow];
        byte[] row = new byte[bytesPerRow];
        byte[] trial = new byte[bytesPerRow];
        for (int y = 0; y < header.Height; y++)
        {
            PngPixels.Pack(image.Row(y), header.ColorType, row);
            Span<byte> best = filtered.AsSpan(y * (bytesPerRow + 1), bytesPerRow + 1);
            long smallest = long.MaxValue;
            for (int filter = 0; filter < PngFilter.Count; filter++)
            {
                PngFilter.Apply(filter, row, above, header.BytesPerPixel, trial);
                long sum = SumOfMagnitudes(trial);
                if (sum < smallest)
                {
                    smallest = sum;
                    best[0] = (byte)filter;
                    trial.CopyTo(best[1..]);
                }
            }

            (above, row) = (row, above);
        }

        return filtered;
    }

    /// <summary>The usual guess at how well a filtered row will compress (PNG specification, section 12.7).</summary>
    private static long SumOfMagnitudes(ReadOnlySpan<byte> filtered)
    {
        long sum = 0;
        foreach (byte value in filtered)
        {
            sum += Math.Abs((int)(sbyte)value);
        }

        return sum;
    }
}
