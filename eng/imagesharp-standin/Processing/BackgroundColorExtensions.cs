using SixLabors.ImageSharp.Processing.Processors.Overlays;

namespace SixLabors.ImageSharp.Processing;

/// <summary>A color behind the image.</summary>
public static class BackgroundColorExtensions
{
    public static IImageProcessingContext BackgroundColor(this IImageProcessingContext source, Color color) =>
        source.Apply(new BackgroundColorOperation(color));
}
