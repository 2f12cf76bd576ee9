using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Processing.Processors.Drawing;

internal sealed class DrawImageOperation(Image foreground, Point location, float opacity) : IPixelOperation
{
    public void Apply<TPixel>(Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        Rectangle area = Rectangle.Intersect(image.Bounds, new Rectangle(location, foreground.Size));
        if (area == Rectangle.Empty)
        {
            throw new ImageProcessingException("Cannot draw image because the source image does not overlap the target image.");
        }

        using Image<Rgba32> drawn = foreground.CloneAs<Rgba32>();
        for (int y = area.Top; y < area.Bottom; y++)
        {
            Span<TPixel> backdrop = image.Row(y);
            ReadOnlySpan<Rgba32> source = drawn.Row(y - location.Y);
            for (int x = area.Left; x < area.Right; x++)
            {
                backdrop[x].FromScaledVector4(Blend.Over(backdrop[x].ToScaledVector4(), source[x - location.X].ToScaledVector4(), opacity));
            }
        }
    }
}
