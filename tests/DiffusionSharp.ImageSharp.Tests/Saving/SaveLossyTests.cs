using DiffusionSharp.ImageSharp.Tests.Support;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.ImageSharp.Tests.Saving;

public sealed class SaveLossyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("a.jpg")]
    [InlineData("a.JPEG")]
    [InlineData("a.webp")]
    public void The_extension_chooses_the_format(string name)
    {
        GeneratedImage image = Smooth();
        image.Save(_folder.File(name));
        byte[] file = File.ReadAllBytes(_folder.File(name));
        if (name.EndsWith("webp", StringComparison.Ordinal))
        {
            Assert.Equal("RIFF"u8, file.AsSpan(0, 4));
            Assert.Equal("WEBP"u8, file.AsSpan(8, 4));
        }
        else
        {
            Assert.Equal([0xFF, 0xD8, 0xFF], file[..3]);
        }

        Assert.Equal([name], _folder.FileNames);
        AssertClose(image, Image.Load<Rgb24>(file));
        Assert.Equal(GenerationParameters.From(image), GenerationParameters.Read(_folder.File(name)));
    }

    [Fact]
    public void Quality_costs_bytes()
    {
        GeneratedImage image = Generated.Of(Generated.Pixels(64, 64));
        using MemoryStream low = new(), standard = new(), high = new();
        image.SaveAsJpeg(low, 10);
        image.SaveAsJpeg(standard);
        image.SaveAsJpeg(high, 100);
        Assert.True(low.Length < standard.Length && standard.Length < high.Length, $"{low.Length}, {standard.Length}, {high.Length}");
    }

    [Fact]
    public async Task Streams_and_files_get_the_same_bytes()
    {
        GeneratedImage image = Smooth();
        using MemoryStream jpeg = new(), webp = new();
        using AsyncOnlyStream jpegBody = new(), webpBody = new();
        image.SaveAsJpeg(jpeg, 80);
        image.SaveAsJpeg(_folder.File("a"), 80);
        image.SaveAsWebp(webp, 80);
        image.SaveAsWebp(_folder.File("b"), 80);
        await image.SaveAsJpegAsync(jpegBody, 80);
        await image.SaveAsJpegAsync(_folder.File("c"), 80);
        await image.SaveAsWebpAsync(webpBody, 80);
        await image.SaveAsWebpAsync(_folder.File("d"), 80);
        Assert.Equal(["a", "b", "c", "d"], _folder.FileNames);
        Assert.All([File.ReadAllBytes(_folder.File("a")), File.ReadAllBytes(_folder.File("c")), jpegBody.Written], bytes => Assert.Equal(jpeg.ToArray(), bytes));
        Assert.All([File.ReadAllBytes(_folder.File("b")), File.ReadAllBytes(_folder.File("d")), webpBody.Written], bytes => Assert.Equal(webp.ToArray(), bytes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    [InlineData(-1)]
    public void A_quality_out_of_range_is_refused(int quality)
    {
        GeneratedImage image = Smooth();
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = image.SaveAsJpegAsync(new MemoryStream(), quality); });
        Assert.Contains("[1, 100]", Assert.Throws<ArgumentOutOfRangeException>(() => image.SaveAsJpeg(_folder.File("a.jpg"), quality)).Message, StringComparison.Ordinal);
        if (quality != 0)
        {
            Assert.Contains("[0, 100]", Assert.Throws<ArgumentOutOfRangeException>(() => image.SaveAsWebp(_folder.File("a.webp"), quality)).Message, StringComparison.Ordinal);
        }

        Assert.Empty(_folder.FileNames);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A ramp, which lossy formats keep well.</summary>
    private static GeneratedImage Smooth()
    {
        float[] values = [.. Enumerable.Range(0, 3 * 32 * 32).Select(i => ((i % 32) / 16f) - 1)];
        return Generated.Of(System.Numerics.Tensors.Tensor.Create(values, [1, 3, 32, 32]));
    }

    private static void AssertClose(GeneratedImage expected, Image<Rgb24> actual)
    {
        using Image<Rgb24> picture = expected.ToImage();
        byte[] before = Pixels.Of(picture);
        byte[] after = Pixels.Of(actual);
        actual.Dispose();

        // At a quality of 90 the coarsest steps of a smooth ramp are a few bytes.
        Assert.All(before.Zip(after), pair => Assert.InRange(pair.Second - pair.First, -12, 12));
    }
}
