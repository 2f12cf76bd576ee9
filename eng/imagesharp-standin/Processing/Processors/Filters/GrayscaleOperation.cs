using System.Numerics;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Processing.Processors.Filters;

/// <summary>Luminance after ITU-R BT.709.</summary>
internal sealed class GrayscaleOperation : IPixelOperation
{
    public void Apply<TPixel>(Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        foreach (ref TPixel pixel in image.Pixels)
        {
            Vector4 vector = pixel.ToScaledVector4();
            float luminance = (vector.X * .2126f) + (vector.Y * .7152f) + (vector.Z * .0722f);
            pixel.FromScaledVector4(new Vector4(new Vector3(luminance), vector.W));
        }
    }
}
