namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>Writes PNG files: 8 bits per channel, not interlaced.</summary>
public class PngEncoder : ImageEncoder
{
    /// <summary>Null keeps what was read, or takes what suits the pixel type.</summary>
    public PngColorType? ColorType { get; init; }

    /// <summary>Longer texts are compressed.</summary>
    public int TextCompressionThreshold { get; init; } = 1024;

    private protected override ReadOnlySpan<byte> Encode<TPixel>(Image<TPixel> image) => PngWriter.Write(image, this);
}
