using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using SixLabors.ImageSharp.Processing.Processors.Transforms;

namespace DiffusionSharp.ImageSharp;

/// <summary>Enlarges pictures, for models that draw small ones.</summary>
public static class ImageScalingExtensions
{
    /// <summary>A larger copy.</summary>
    /// <param name="image">A picture; it is left alone.</param>
    /// <param name="factor">How many times as wide and as high, at least 1.</param>
    /// <param name="resampler">Null repeats pixels, which keeps them visible; <see cref="KnownResamplers.Bicubic"/> smooths.</param>
    /// <returns>The copy; dispose it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="image"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is less than 1.</exception>
    /// <exception cref="OverflowException">The copy would be too large.</exception>
    public static Image<Rgb24> Upscale(this Image<Rgb24> image, int factor, IResampler? resampler = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        (int width, int height) = checked((image.Width * factor, image.Height * factor));
        return image.Clone(picture => picture.Resize(width, height, resampler ?? KnownResamplers.NearestNeighbor));
    }
}
