using System.Numerics;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Processing.Processors.Overlays;

internal sealed class BackgroundColorOperation(Color color) : IPixelOperation
{
    public void Apply<TPixel>(Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        Vector4 background = color.ToPixel<Rgba32>().ToScaledVector4();
        foreach (ref TPixel pixel in image.Pixels)
        {
            pixel.FromScaledVector4(Blend.Over(background, pixel.ToScaledVector4(), opacity: 1));
        }
    }
}
