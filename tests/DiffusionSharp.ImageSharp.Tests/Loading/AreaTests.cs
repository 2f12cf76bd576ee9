using System.Numerics.Tensors;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.ImageSharp.Tests.Loading;

public class AreaTests
{
    [Theory]
    [InlineData(640, 480, 64 * 64, 8, 72, 56)] // 73.9 by 55.4
    [InlineData(64, 64, 512 * 512, 8, 512, 512)]
    [InlineData(300, 100, 512 * 512, 64, 896, 320)] // 886.8 by 295.6
    [InlineData(3, 3, 100, 1, 10, 10)]
    [InlineData(1000, 1, 64, 8, 256, 8)] // 253 by a quarter of a pixel
    public void A_picture_keeps_its_proportions_at_an_area(int width, int height, int pixels, int factor, int expectedWidth, int expectedHeight)
    {
        using var image = new Image<Rgb24>(width, height);
        using var file = new MemoryStream();
        image.SaveAsPng(file);
        file.Position = 0;
        Tensor<float> picture = ImageTensors.Load(file, ImageFit.ToArea(pixels, factor));
        Assert.Equal([1, 3, expectedHeight, expectedWidth], picture.Lengths);
    }

    [Fact]
    public void Areas_and_multiples_begin_at_one()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageFit.ToArea(0, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageFit.ToArea(64, 0));
    }
}
