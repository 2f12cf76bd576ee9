namespace SixLabors.ImageSharp.Formats.Webp;

/// <summary>Writes WebP files, always lossless: the stand-in has no lossy encoder, and lossless keeps what lossy would have kept.</summary>
public sealed class WebpEncoder : ImageEncoder
{
    /// <summary>Ignored by the stand-in, see above.</summary>
    public WebpFileFormatType? FileFormat { get; init; }

    /// <summary>Ignored by the stand-in, see above.</summary>
    public int Quality { get; init; } = 75;

    private protected override ReadOnlySpan<byte> Encode<TPixel>(Image<TPixel> image) => WebpWriter.Write(image);
}
