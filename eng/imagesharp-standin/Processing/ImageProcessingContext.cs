namespace SixLabors.ImageSharp.Processing;

/// <summary>Applies each step at once.</summary>
internal sealed class ImageProcessingContext(Image image) : IImageProcessingContext
{
    public Size GetCurrentSize() => image.Size;

    IImageProcessingContext IImageProcessingContext.Apply(IPixelOperation operation)
    {
        image.Apply(operation);
        return this;
    }
}
