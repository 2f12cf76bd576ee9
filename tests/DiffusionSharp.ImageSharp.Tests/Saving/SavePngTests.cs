using System.Globalization;
using System.Text;
using DiffusionSharp.ImageSharp.Tests.Support;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.ImageSharp.Tests.Saving;

public sealed class SavePngTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_file_has_the_pixels_of_the_picture()
    {
        GeneratedImage image = Generated.Of(Generated.Pixels(33, 47));
        image.SaveAsPng(_folder.File("picture.png"));
        using Image<Rgb24> picture = image.Pixels.ToImage();
        Assert.Equal(Pixels.Of(picture), PngBytes.ReadRgb(File.ReadAllBytes(_folder.File("picture.png"))));
        Assert.Equal(["picture.png"], _folder.FileNames);
    }

    [Fact]
    public void The_parameters_are_a_text_chunk_in_the_format_of_the_web_UI()
    {
        GeneratedImage image = Generated.FromPrompt("a slice of pizza, on a \"teal\" background", "blurry, low: quality");
        Assert.Equal(
            "tEXt parameters\0a slice of pizza, on a \"teal\" background\nNegative prompt: blurry, low: quality\nSteps: 20, Sampler: DDIM, CFG scale: 7, Seed: 42, Size: 64x48",
            SavedText(image));
    }

    [Fact]
    public void Without_a_negative_prompt_there_is_no_line_for_it() =>
        Assert.Equal("tEXt parameters\0pizza\nSteps: 20, Sampler: DDIM, CFG scale: 7, Seed: 42, Size: 64x48", SavedText(Generated.FromPrompt("pizza")));

    [Fact]
    public void An_unconditional_picture_has_settings_only()
    {
        GeneratedImage image = Generated.Run(new GenerationRequest { Seed = long.MaxValue, Steps = 3, Width = 8, Height = 16, ClassLabel = 207 });
        Assert.Equal("tEXt parameters\0Steps: 3, Sampler: DDIM, CFG scale: 1, Seed: 9223372036854775807, Size: 8x16, Class label: 207", SavedText(image));
    }

    [Fact]
    public void A_picture_from_a_picture_has_the_strength()
    {
        var request = new ImageToImageRequest("pizza", Generated.Pixels(16, 8)) { Seed = 0, Steps = 10, GuidanceScale = 7.5f, Strength = 0.35 };
        Assert.Equal("tEXt parameters\0pizza\nSteps: 10, Sampler: DDIM, CFG scale: 7.5, Seed: 0, Size: 8x16, Denoising strength: 0.35", SavedText(Generated.Run(request)));
    }

    [Fact]
    public void Numbers_are_written_with_a_point_in_every_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            GeneratedImage image = Generated.Run(new TextToImageRequest("pizza") { GuidanceScale = 7.5f, Seed = 1, Steps = 2, Width = 8, Height = 8 });
            Assert.EndsWith("CFG scale: 7.5, Seed: 1, Size: 8x8", SavedText(image), StringComparison.Ordinal);
            Assert.Equal(7.5f, GenerationParameters.Parse(GenerationParameters.From(image).ToString()).GuidanceScale);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Latin_text_of_any_length_is_plain_text()
    {
        string prompt = string.Join(", ", Enumerable.Repeat("crème brûlée", 500));
        Assert.StartsWith($"tEXt parameters\0{prompt}\nSteps", SavedText(Generated.FromPrompt(prompt)), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_text_is_UTF_8()
    {
        string prompt = string.Join(", ", Enumerable.Repeat("ピザ 🍕", 500));
        Assert.StartsWith($"iTXt parameters\0\0\0\0\0{prompt}\nSteps", SavedText(Generated.FromPrompt(prompt)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gray_picture_is_saved_in_color()
    {
        GeneratedImage image = Generated.Of(Generated.Pixels(8, 8, channels: 1));
        image.SaveAsPng(_folder.File("gray.png"));
        byte[] pixels = PngBytes.ReadRgb(File.ReadAllBytes(_folder.File("gray.png")));
        Assert.All(pixels.Chunk(3), pixel => Assert.True(pixel[0] == pixel[1] && pixel[1] == pixel[2]));
    }

    [Fact]
    public void The_picture_for_ImageSharp_carries_the_parameters()
    {
        GeneratedImage image = Generated.FromPrompt("pizza");
        using Image<Rgb24> picture = image.ToImage();
        using var stream = new MemoryStream();
        picture.SaveAsPng(stream);
        stream.Position = 0;
        Assert.Equal(GenerationParameters.From(image), GenerationParameters.Read(stream));
    }

    [Fact]
    public async Task All_ways_to_save_a_PNG_write_the_same_bytes()
    {
        GeneratedImage image = Generated.FromPrompt("pizza");
        using var stream = new MemoryStream();
        using var asynchronous = new AsyncOnlyStream();
        image.SaveAsPng(stream);
        image.SaveAsPng(_folder.File("a.png"));
        image.Save(_folder.File("b.PNG"));
        await image.SaveAsync(_folder.File("c.png"));
        await image.SaveAsPngAsync(_folder.File("d"));
        await image.SaveAsPngAsync(asynchronous);
        Assert.Equal(["a.png", "b.PNG", "c.png", "d"], _folder.FileNames);
        Assert.All(_folder.FileNames, name => Assert.Equal(stream.ToArray(), File.ReadAllBytes(_folder.File(name))));
        Assert.Equal(stream.ToArray(), asynchronous.Written);
        Assert.True(stream.CanWrite);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The type and content of the only text chunk, which must come before the pixels.</summary>
    private static string SavedText(GeneratedImage image)
    {
        using var stream = new MemoryStream();
        image.SaveAsPng(stream);
        List<(string Type, byte[] Data)> chunks = PngBytes.ReadChunks(stream.ToArray());
        int index = chunks.FindIndex(chunk => chunk.Type.EndsWith("Xt", StringComparison.Ordinal));
        Assert.Equal(index, chunks.FindLastIndex(chunk => chunk.Type.EndsWith("Xt", StringComparison.Ordinal)));
        Assert.InRange(index, 1, chunks.FindIndex(chunk => chunk.Type == "IDAT"));
        (string type, byte[] data) = chunks[index];
        return $"{type} {(type == "iTXt" ? Encoding.UTF8 : Encoding.Latin1).GetString(data)}";
    }
}
