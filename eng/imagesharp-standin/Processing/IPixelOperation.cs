using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Processing;

/// <summary>One step of a <see cref="IImageProcessingContext"/>, for whatever pixel type.</summary>
internal interface IPixelOperation
{
    void Apply<TPixel>(Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel>;
}
