namespace SixLabors.ImageSharp.Processing;

/// <summary>What the steps of <c>Mutate</c> and <c>Clone</c> extend.</summary>
public interface IImageProcessingContext
{
    Size GetCurrentSize();

    internal IImageProcessingContext Apply(IPixelOperation operation);
}
