using SixLabors.ImageSharp.Processing.Processors.Transforms;

namespace SixLabors.ImageSharp.Processing;

/// <summary>Flipping.</summary>
public static class FlipExtensions
{
    public static IImageProcessingContext Flip(this IImageProcessingContext source, FlipMode flipMode) =>
        source.Apply(new FlipOperation(flipMode));
}
