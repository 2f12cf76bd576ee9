using DiffusionSharp.ImageSharp.Tests.Support;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.ImageSharp.Tests.Images;

public sealed class ImageGridTests : IDisposable
{
    private static readonly Rgb24 Background = new(9, 8, 7);

    private readonly Image<Rgb24>[] _images = [.. Enumerable.Range(0, 5).Select(i => new Image<Rgb24>(6, 4, new Rgb24((byte)(i * 10), 1, 2)))];

    [Fact]
    public void Pictures_lie_row_by_row_with_gaps_between_and_around()
    {
        using Image<Rgb24> sheet = ImageGrid.Create(_images, columns: 3, gap: 2, Color.FromPixel(Background));

        // torchvision's make_grid counts the same: cells * (size + padding) + padding.
        Assert.Equal((26, 14), (sheet.Width, sheet.Height));
        for (int y = 0; y < sheet.Height; y++)
        {
            for (int x = 0; x < sheet.Width; x++)
            {
                bool inside = x % 8 >= 2 && y % 6 >= 2;
                int index = (y / 6 * 3) + (x / 8);
                Assert.Equal(inside && index < 5 ? new Rgb24((byte)(index * 10), 1, 2) : Background, sheet[x, y]);
            }
        }
    }

    [Fact]
    public void Gaps_are_4_pixels_of_white_unless_asked_otherwise()
    {
        using Image<Rgb24> sheet = ImageGrid.Create(_images, columns: 5);
        Assert.Equal((54, 12), (sheet.Width, sheet.Height));
        Assert.Equal(new Rgb24(255, 255, 255), sheet[3, 3]);
        Assert.Equal(new Rgb24(0, 1, 2), sheet[4, 4]);
    }

    [Fact]
    public void Without_a_gap_one_picture_is_itself()
    {
        using Image<Rgb24> picture = Pixels.Random(31, 17);
        using Image<Rgb24> sheet = ImageGrid.Create([picture], columns: 4, gap: 0);
        Assert.Equal((31, 17), (sheet.Width, sheet.Height));
        Assert.Equal(Pixels.Of(picture), Pixels.Of(sheet));
    }

    [Fact]
    public void A_smaller_picture_is_centred_in_its_cell()
    {
        using var small = new Image<Rgb24>(2, 2, Background);
        using Image<Rgb24> sheet = ImageGrid.Create([_images[0], small], columns: 2, gap: 0);
        Assert.Equal((12, 4), (sheet.Width, sheet.Height));
        var white = new Rgb24(255, 255, 255);
        Assert.Equal([white, white, Background, Background, white, white], Enumerable.Range(6, 6).Select(x => sheet[x, 1]));
        Assert.Equal([white, Background, Background, white], Enumerable.Range(0, 4).Select(y => sheet[8, y]));
    }

    [Fact]
    public void Generated_pictures_can_be_arranged_as_they_are()
    {
        GeneratedImage generated = Generated.Of(Generated.Pixels(10, 20));
        using Image<Rgb24> sheet = ImageGrid.Create([generated, generated], columns: 1, gap: 1);
        using Image<Rgb24> picture = generated.ToImage();
        Assert.Equal((22, 23), (sheet.Width, sheet.Height));
        Assert.Equal(picture[19, 9], sheet[20, 10]);
        Assert.Equal(picture[0, 0], sheet[1, 12]);
    }

    [Fact]
    public void Impossible_grids_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => ImageGrid.Create((IReadOnlyList<Image<Rgb24>>)null!, 1));
        Assert.Throws<ArgumentException>(() => ImageGrid.Create(Array.Empty<Image<Rgb24>>(), 1));
        Assert.Throws<ArgumentException>(() => ImageGrid.Create(Array.Empty<GeneratedImage>(), 1));
        Assert.Throws<ArgumentException>(() => ImageGrid.Create([_images[0], null!], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageGrid.Create(_images, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageGrid.Create(_images, 1, -1));
        Assert.Throws<OverflowException>(() => ImageGrid.Create(_images, 1, int.MaxValue));
    }

    public void Dispose() => Array.ForEach(_images, image => image.Dispose());
}
