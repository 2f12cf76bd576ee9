using SixLabors.ImageSharp.Processing.Processors.Drawing;

namespace SixLabors.ImageSharp.Processing;

/// <summary>Drawing an image on another.</summary>
public static class DrawImageExtensions
{
    public static IImageProcessingContext DrawImage(this IImageProcessingContext source, Image foreground, float opacity) =>
        source.DrawImage(foreground, Point.Empty, opacity);

    public static IImageProcessingContext DrawImage(this IImageProcessingContext source, Image foreground, Point backgroundLocation, float opacity)
    {
        ArgumentNullException.ThrowIfNull(foreground);
        ArgumentOutOfRangeException.ThrowIfNegative(opacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(opacity, 1);
        return source.Apply(new DrawImageOperation(foreground, backgroundLocation, opacity));
    }
}
