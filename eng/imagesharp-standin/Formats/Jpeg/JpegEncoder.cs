namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>Writes baseline JPEG files.</summary>
public sealed class JpegEncoder : ImageEncoder
{
    private readonly int? _quality;

    /// <summary>From 1 to 100; 75 by default.</summary>
    public int? Quality
    {
        get => _quality;
        init => _quality = value is null or (>= 1 and <= 100) ? value : throw new ArgumentException("Quality must be in [1..100] range.", nameof(value));
    }

    private protected override ReadOnlySpan<byte> Encode<TPixel>(Image<TPixel> image) => JpegWriter.Write(image, Quality ?? 75);
}
