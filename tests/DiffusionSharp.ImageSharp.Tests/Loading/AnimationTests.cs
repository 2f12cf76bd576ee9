using DiffusionSharp.ImageSharp.Tests.Support;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.ImageSharp.Tests.Loading;

/// <summary>Of an animation the first picture is read. These have red, green and blue ones.</summary>
public class AnimationTests
{
    [Theory]
    [InlineData("animation.gif", 0)]
    [InlineData("animation.png", 0)]
    [InlineData("animation.webp", 0)]
    [InlineData("animation-lossy.webp", 3)]
    public void The_first_picture_is_read(string name, int tolerance)
    {
        using Image<Rgb24> picture = ImageTensors.Load(Fixture.Path(name), ImageFit.ToMultipleOf(1)).ToImage();
        Assert.Equal((16, 12), (picture.Width, picture.Height));
        Assert.All(Pixels.Of(picture).Chunk(3), pixel =>
        {
            Assert.InRange(pixel[0], 255 - tolerance, 255);
            Assert.InRange(pixel[1], 0, tolerance);
            Assert.InRange(pixel[2], 0, tolerance);
        });
    }

    [Fact]
    public void A_picture_that_covers_a_part_of_the_canvas_lies_where_it_belongs()
    {
        // Pillow 9.4 shows red from (4, 4) to (12, 10), and nothing around it.
        using Image<Rgb24> picture = ImageTensors.Load(Fixture.Path("animation-placed.webp"), ImageFit.ToMultipleOf(1)).ToImage();
        for (int y = 0; y < 12; y++)
        {
            for (int x = 0; x < 16; x++)
            {
                bool red = x is >= 4 and < 12 && y is >= 4 and < 10;
                Assert.Equal(red ? new Rgb24(255, 0, 0) : new Rgb24(255, 255, 255), picture[x, y]);
            }
        }
    }
}
