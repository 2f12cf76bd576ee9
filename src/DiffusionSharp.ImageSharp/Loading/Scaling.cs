using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using SixLabors.ImageSharp.Processing.Processors.Transforms;

namespace DiffusionSharp.ImageSharp;

/// <summary>Gives pictures a size.</summary>
internal static class Scaling
{
    /// <summary>How many pixels of the picture or of the result, whichever are larger, a resampler looks to each side: 3 for Lanczos, and rounding.</summary>
    private const int Reach = 4;

    /// <summary>Scales a picture until it covers <paramref name="size"/> and cuts off evenly what sticks out.</summary>
    public static void FitTo(this Image<Rgba32> image, Size size, IResampler resampler)
    {
        if (image.Size() == size)
        {
            return;
        }

        // What is far outside goes first: scaled, a line of a thousand pixels to a square of a thousand would be a million high.
        double scale = Math.Max((double)size.Width / image.Width, (double)size.Height / image.Height);
        Rectangle needed = Centre(image.Size(), Needed(image.Width, size.Width), Needed(image.Height, size.Height));
        if (needed.Size != image.Size())
        {
            image.Mutate(picture => picture.Crop(needed));
        }

        image.Mutate(picture => picture.Resize(new ResizeOptions { Size = size, Mode = ResizeMode.Crop, Sampler = resampler }));

        int Needed(int side, int target)
        {
            int wanted = (int)Math.Ceiling(Math.Min(side, (target / scale) + (2 * Reach * Math.Max(1, 1 / scale))));

            // As much goes on both sides.
            return Math.Min(side, wanted + ((side - wanted) & 1));
        }
    }

    private static Rectangle Centre(Size all, int width, int height) => new((all.Width - width) / 2, (all.Height - height) / 2, width, height);
}
