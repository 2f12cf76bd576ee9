using System.Numerics.Tensors;
using DiffusionSharp.ImageSharp.Files;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace DiffusionSharp.ImageSharp;

/// <summary>
/// Which size a loaded picture gets. It keeps its proportions: it is scaled until it covers that size, and what sticks out on two sides is
/// cut off evenly.
/// </summary>
public sealed class ImageFit
{
    private readonly Func<Size, Size> _target;

    private ImageFit(Func<Size, Size> target) => _target = target;

    /// <summary>A given size.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <returns>The fit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is less than 1.</exception>
    public static ImageFit Exactly(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        return new ImageFit(_ => new Size(width, height));
    }

    /// <summary>The size that the picture has, each side rounded to a multiple, halves up.</summary>
    /// <param name="factor">A pipeline's <see cref="DiffusionPipeline.SizeMultiple"/>, at least 1; 1 leaves the picture alone.</param>
    /// <returns>The fit.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is less than 1.</exception>
    public static ImageFit ToMultipleOf(int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        return new ImageFit(size => new Size(Nearest(size.Width, factor), Nearest(size.Height, factor)));
    }

    /// <summary>The proportions that the picture has, at about as many pixels as a model draws best, each side rounded to a multiple.</summary>
    /// <param name="pixels">Width times height, at least 1; for example that of a pipeline's <see cref="DiffusionPipeline.Defaults"/>.</param>
    /// <param name="factor">A pipeline's <see cref="DiffusionPipeline.SizeMultiple"/>, at least 1.</param>
    /// <returns>The fit.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is less than 1.</exception>
    public static ImageFit ToArea(int pixels, int factor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pixels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        return new ImageFit(size =>
        {
            double scale = Math.Sqrt((double)pixels / size.Width / size.Height);
            return new Size(Nearest(size.Width * scale, factor), Nearest(size.Height * scale, factor));
        });
    }

    private static int Nearest(double side, int factor) => (int)Math.Min(int.MaxValue, Math.Max(1, Math.Floor((side + (factor / 2)) / factor)) * factor);

    /// <summary>The size for a picture of size <paramref name="upright"/>.</summary>
    internal Size Target(Size upright) => _target(upright);

    /// <summary>The pixels of a file, white where it is transparent, in this size.</summary>
    internal Tensor<float> Read(PictureFile file, ImageLimits limits, CancellationToken cancellationToken = default)
    {
        using Image<Rgba32> image = file.Decode(limits, this, cancellationToken);

        // Before scaling, or the color of transparent pixels would bleed into their neighbours.
        image.Mutate(picture => picture.BackgroundColor(Color.White));
        image.FitTo(Target(image.Size()), KnownResamplers.Lanczos3);
        using Image<Rgb24> opaque = image.CloneAs<Rgb24>();
        return opaque.ToTensor();
    }
}
