using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Processing.Processors.Transforms;

internal sealed class CropOperation(Rectangle rectangle) : IPixelOperation
{
    public void Apply<TPixel>(Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        if (!image.Bounds.Contains(rectangle))
        {
            throw new ArgumentException($"Crop rectangle {rectangle} should be smaller than the source bounds {image.Bounds}.");
        }

        var cropped = new Image<TPixel>(rectangle.Width, rectangle.Height);
        for (int y = 0; y < rectangle.Height; y++)
        {
            image.Row(rectangle.Y + y).Slice(rectangle.X, rectangle.Width).CopyTo(cropped.Row(y));
        }

        image.Replace(cropped);
    }
}
