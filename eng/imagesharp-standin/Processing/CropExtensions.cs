using SixLabors.ImageSharp.Processing.Processors.Transforms;

namespace SixLabors.ImageSharp.Processing;

/// <summary>Cropping.</summary>
public static class CropExtensions
{
    public static IImageProcessingContext Crop(this IImageProcessingContext source, int width, int height) =>
        source.Crop(new Rectangle(0, 0, width, height));

    public static IImageProcessingContext Crop(this IImageProcessingContext source, Rectangle cropRectangle) =>
        source.Apply(new CropOperation(cropRectangle));
}
