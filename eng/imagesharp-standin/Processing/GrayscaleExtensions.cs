using SixLabors.ImageSharp.Processing.Processors.Filters;

namespace SixLabors.ImageSharp.Processing;

/// <summary>Colors to shades of gray.</summary>
public static class GrayscaleExtensions
{
    public static IImageProcessingContext Grayscale(this IImageProcessingContext source) =>
        source.Apply(new GrayscaleOperation());
}
