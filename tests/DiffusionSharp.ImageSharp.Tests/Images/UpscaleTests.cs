using DiffusionSharp.ImageSharp.Tests.Support;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace DiffusionSharp.ImageSharp.Tests.Images;

public class UpscaleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Every_pixel_is_repeated(int factor)
    {
        using Image<Rgb24> image = Pixels.Random(7, 5);
        using Image<Rgb24> larger = image.Upscale(factor);
        Assert.Equal((7 * factor, 5 * factor), (larger.Width, larger.Height));
        for (int y = 0; y < larger.Height; y++)
        {
            for (int x = 0; x < larger.Width; x++)
            {
                Assert.Equal(image[x / factor, y / factor], larger[x, y]);
            }
        }
    }

    [Fact]
    public void A_smooth_resampler_rises_where_the_picture_rises()
    {
        using Image<Rgb24> image = Image.LoadPixelData<Rgb24>([0, 0, 0, 80, 80, 80, 160, 160, 160, 240, 240, 240], 4, 1);
        using Image<Rgb24> larger = image.Upscale(4, KnownResamplers.Bicubic);
        byte[] row = [.. Enumerable.Range(0, 16).Select(x => larger[x, 2].R)];

        // In the middle of a ramp a cubic is a straight line: 80 over 4 pixels, first seen half a pixel from the middle of 120.
        Assert.Equal(row.Order(), row);
        Assert.Equal([110, 130], row[7..9]);
    }

    [Fact]
    public void Impossible_factors_are_refused()
    {
        using Image<Rgb24> image = Pixels.Random(7, 5);
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Upscale(0));
        Assert.Throws<OverflowException>(() => image.Upscale(int.MaxValue));
        Assert.Throws<ArgumentNullException>(() => ((Image<Rgb24>)null!).Upscale(2));
    }
}
