using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats;

/// <summary>What the encoders share.</summary>
public abstract class ImageEncoder : IImageEncoder
{
    public bool SkipMetadata { get; init; }

    public void Encode<TPixel>(Image<TPixel> image, Stream stream)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(Encode(image));
    }

    private protected abstract ReadOnlySpan<byte> Encode<TPixel>(Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel>;
}
