using System.Numerics.Tensors;
using DiffusionSharp.ImageSharp.Tests.Support;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.ImageSharp.Tests.Loading;

public sealed class LoadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_picture_of_the_right_size_is_loaded_byte_for_byte()
    {
        byte[] bytes = Random(24 * 16 * 3);
        string path = _folder.Write("picture.png", PngBytes.Write(24, 16, 3, bytes));
        foreach (ImageFit fit in new[] { ImageFit.Exactly(24, 16), ImageFit.ToMultipleOf(8), ImageFit.ToMultipleOf(1) })
        {
            Tensor<float> tensor = ImageTensors.Load(path, fit);
            Assert.Equal([1, 3, 16, 24], tensor.Lengths.ToArray());
            using Image<Rgb24> image = tensor.ToImage();
            Assert.Equal(bytes, Pixels.Of(image));
        }
    }

    [Fact]
    public void A_stream_is_loaded_from_where_it_stands_and_left_open()
    {
        byte[] bytes = Random(8 * 8 * 3);
        using var stream = new MemoryStream([1, 2, 3, .. PngBytes.Write(8, 8, 3, bytes)]);
        stream.Position = 3;
        using Image<Rgb24> image = ImageTensors.Load(stream, ImageFit.ToMultipleOf(8)).ToImage();
        Assert.Equal(bytes, Pixels.Of(image));
        Assert.True(stream.CanRead);
    }

    [Fact]
    public void Gray_pictures_have_three_equal_channels()
    {
        byte[] bytes = Random(16 * 8);
        string path = _folder.Write("gray.png", PngBytes.Write(16, 8, 1, bytes));
        using Image<Rgb24> image = ImageTensors.Load(path, ImageFit.Exactly(16, 8)).ToImage();
        Assert.Equal(bytes.SelectMany(value => new[] { value, value, value }), Pixels.Of(image));
    }

    [Fact]
    public void What_is_transparent_becomes_white()
    {
        string path = _folder.Write("alpha.png", PngBytes.Write(2, 1, 4, [10, 20, 30, 255, 40, 50, 60, 0]));
        using Image<Rgb24> image = ImageTensors.Load(path, ImageFit.Exactly(2, 1)).ToImage();
        Assert.Equal([10, 20, 30, 255, 255, 255], Pixels.Of(image));
    }

    [Fact]
    public void The_color_of_transparent_pixels_does_not_bleed_when_scaling()
    {
        byte[] pixels = [.. Enumerable.Range(0, 16 * 16).SelectMany(i => i % 2 == 0 ? new byte[] { 255, 255, 255, 255 } : [255, 0, 0, 0])];
        string path = _folder.Write("alpha.png", PngBytes.Write(16, 16, 4, pixels));
        using Image<Rgb24> image = ImageTensors.Load(path, ImageFit.Exactly(8, 8)).ToImage();
        Assert.Equal(Pixels.Repeat(64, 255, 255, 255), Pixels.Of(image));
    }

    [Theory]
    [InlineData(60, 20, 20, 20)] // cut left and right
    [InlineData(60, 20, 40, 40)] // scaled and cut
    [InlineData(60, 20, 10, 10)]
    [InlineData(20, 60, 20, 20)] // cut above and below
    [InlineData(20, 60, 40, 40)]
    public void What_sticks_out_is_cut_off_evenly(int width, int height, int targetWidth, int targetHeight)
    {
        // Three thirds along the longer side: only the green middle is left.
        byte[] pixels = [.. Enumerable.Range(0, width * height).SelectMany(i => Third(width > height ? i % width : i / width))];
        string path = _folder.Write("thirds.png", PngBytes.Write(width, height, 3, pixels));
        using Image<Rgb24> image = ImageTensors.Load(path, ImageFit.Exactly(targetWidth, targetHeight)).ToImage();
        Assert.Equal((targetWidth, targetHeight), (image.Width, image.Height));

        // A Lanczos kernel looks over the edge of the cut: by 3 pixels of the picture or of the result, whichever are larger.
        int edge = targetWidth == 20 ? 0 : Math.Max(3, targetWidth * 3 / 20);
        for (int y = edge; y < targetHeight - edge; y++)
        {
            for (int x = edge; x < targetWidth - edge; x++)
            {
                Assert.Equal(new Rgb24(0, 255, 0), image[x, y]);
            }
        }

        static byte[] Third(int position) => position < 20 ? [255, 0, 0] : position < 40 ? [0, 255, 0] : [0, 0, 255];
    }

    [Theory]
    [InlineData(500, 333, 8, 504, 336)] // 62.5 goes up
    [InlineData(499, 332, 8, 496, 336)] // 41.5 goes up
    [InlineData(64, 64, 8, 64, 64)]
    [InlineData(3, 2, 8, 8, 8)] // never nothing
    [InlineData(7, 8, 3, 6, 9)]
    [InlineData(101, 57, 1, 101, 57)]
    public void Sides_go_to_the_nearest_multiple(int width, int height, int factor, int expectedWidth, int expectedHeight)
    {
        string path = _folder.Write("any.png", PngBytes.Write(width, height, 3, Pixels.Repeat(width * height, 200, 100, 50)));
        Tensor<float> tensor = ImageTensors.Load(path, ImageFit.ToMultipleOf(factor));
        Assert.Equal([1, 3, expectedHeight, expectedWidth], tensor.Lengths.ToArray());
        using Image<Rgb24> image = tensor.ToImage();
        Assert.Equal(Pixels.Repeat(expectedWidth * expectedHeight, 200, 100, 50), Pixels.Of(image));
    }

    [Fact]
    public void Impossible_sizes_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageFit.Exactly(0, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageFit.Exactly(8, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageFit.ToMultipleOf(0));
        Assert.Throws<ArgumentNullException>(() => ImageTensors.Load("x.png", null!));
        Assert.Throws<ArgumentNullException>(() => ImageTensors.Load((Stream)null!, ImageFit.ToMultipleOf(8)));
    }

    [Fact]
    public void Files_that_cannot_be_read_are_named()
    {
        byte[] png = PngBytes.Write(24, 16, 3, Random(24 * 16 * 3));
        string empty = _folder.Write("empty.png", []);
        string text = _folder.Write("text.png", "This is no picture, though long enough to be one."u8.ToArray());
        string cut = _folder.Write("cut.png", png[..40]);

        Assert.Contains("empty", AssertNamed<InvalidDataException>(empty).Message, StringComparison.Ordinal);
        Assert.Contains("PNG, JPEG, WebP, GIF and BMP", AssertNamed<InvalidDataException>(text).Message, StringComparison.Ordinal);
        AssertNamed<InvalidDataException>(cut);
        AssertNamed<FileNotFoundException>(_folder.File("missing.png"));
        AssertNamed<DirectoryNotFoundException>(Path.Combine(_folder.Path, "missing/missing.png"));
        AssertNamed<UnauthorizedAccessException>(_folder.Path);
        Assert.Throws<ArgumentException>(() => ImageTensors.Load("", ImageFit.ToMultipleOf(8)));
        Assert.Throws<ArgumentNullException>(() => ImageTensors.Load((string)null!, ImageFit.ToMultipleOf(8)));
        Assert.Throws<InvalidDataException>(() => ImageTensors.Load(new MemoryStream(), ImageFit.ToMultipleOf(8)));

        // They are closed again.
        File.Delete(text);
    }

    public void Dispose() => _folder.Dispose();

    private static T AssertNamed<T>(string path)
        where T : Exception
    {
        T error = Assert.Throws<T>(() => ImageTensors.Load(path, ImageFit.ToMultipleOf(8)));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        T second = Assert.Throws<T>(() => ImageTensors.LoadMask(path, 8, 8));
        Assert.Contains(path, second.Message, StringComparison.Ordinal);
        return error;
    }

    private static byte[] Random(int count)
    {
        byte[] bytes = new byte[count];
        new Random(3).NextBytes(bytes);
        return bytes;
    }
}
