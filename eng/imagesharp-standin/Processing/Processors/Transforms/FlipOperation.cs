using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Processing.Processors.Transforms;

internal sealed class FlipOperation(FlipMode mode) : IPixelOperation
{
    public void Apply<TPixel>(Image<TPixel> image)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        if (mode == FlipMode.Vertical)
        {
            // All pixels reversed is both flips at once; the rows are reversed back below.
            image.Pixels.Reverse();
        }

        if (mode != FlipMode.None)
        {
            for (int y = 0; y < image.Height; y++)
            {
                image.Row(y).Reverse();
            }
        }
    }
}
