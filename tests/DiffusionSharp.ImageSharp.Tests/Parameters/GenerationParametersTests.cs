using DiffusionSharp.ImageSharp.Tests.Support;

namespace DiffusionSharp.ImageSharp.Tests.Parameters;

public sealed class GenerationParametersTests : IDisposable
{
    private static readonly GenerationParameters Full = new()
    {
        Prompt = "a slice of pizza",
        NegativePrompt = "blurry",
        Steps = 20,
        Sampler = "DDIM",
        GuidanceScale = 7.5f,
        Seed = 42,
        Width = 64,
        Height = 48,
        Strength = 0.35,
    };

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("pizza", "")]
    [InlineData("", "")]
    [InlineData("", "blurry")]
    [InlineData("two\nlines", "and\n\nthree")]
    [InlineData("\nempty lines\n\n", "\n\n")]
    [InlineData("  spaces\t", "  spaces\t")]
    [InlineData("commas, colons: and \"quotes\" \\ 'more'", "(weights:1.2), [cat|dog]")]
    [InlineData("Steps: 1, Sampler: 2, CFG scale: 3", "Steps: 1, Sampler: 2, CFG scale: 3")]
    [InlineData("crème brûlée", "ÿ")]
    [InlineData("ピザ 🍕", "Ελληνικά")]
    [InlineData("Negative prompt: this is the prompt", "")]
    [InlineData("a\n  Negative prompt: still the prompt\nend", "Negative prompt: the negative one\nNegative prompt: too")]
    [InlineData("a\nNegative prompt:", "")]
    [InlineData("a", "Negative prompt:")]
    [InlineData("a", " Negative prompt: b")]
    public void Prompts_come_back_as_they_were(string prompt, string negative)
    {
        GenerationParameters parameters = Full with { Prompt = prompt, NegativePrompt = negative };
        AssertSame(parameters, GenerationParameters.Parse(parameters.ToString()));
    }

    [Fact]
    public void Any_text_comes_back_through_a_file()
    {
        string[] pieces = ["\n", "\r", " ", ",", ":", "\"", "\\", "Negative prompt:", "Negative prompt: ", "Steps: 20", "Size: 64x64", "Prompt lines: 1", "é", "語", "🍕", "a", "Bc"];
        var random = new Random(5);
        for (int i = 0; i < 300; i++)
        {
            GeneratedImage image = Generated.Run(new TextToImageRequest("x" + Text()) { NegativePrompt = Text(), Seed = i, Steps = 1, Width = 8, Height = 8 });
            image.SaveAsPng(_folder.File("a.png"));
            GenerationParameters read = GenerationParameters.Read(_folder.File("a.png"))!;
            Assert.Equal(GenerationParameters.From(image), read);
            Assert.Equal(WithPlainLines(((TextToImageRequest)image.Request).Prompt), read.Prompt);
            Assert.Equal(WithPlainLines(((TextToImageRequest)image.Request).NegativePrompt!), read.NegativePrompt);
        }

        static string WithPlainLines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

        string Text() => string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => pieces[random.Next(pieces.Length)]));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("DPM++ 2M: Karras, \"fast\"")]
    [InlineData("")]
    [InlineData(" spaces ")]
    [InlineData("two\nlines")]
    [InlineData("\"half a quote")]
    [InlineData("half a quote\"")]
    [InlineData("\"quoted\"")]
    [InlineData("back\\slash, \\\"")]
    [InlineData("語, 🍕")]
    public void Settings_of_other_tools_come_back_as_they_were(string value)
    {
        GenerationParameters parameters = Full with { Sampler = value, Other = new Dictionary<string, string> { ["Model"] = value, ["Clip skip"] = "2", ["A/B-c"] = value } };
        GenerationParameters read = GenerationParameters.Parse(parameters.ToString());
        AssertSame(parameters, read);
        Assert.Equal(value, read.Other["A/B-c"]);
        Assert.Equal("2", read.Other["Clip skip"]);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e-9f)]
    [InlineData(7.1f)]
    [InlineData(float.MaxValue)]
    public void Scales_come_back_to_the_last_bit(float scale) =>
        Assert.Equal(scale, GenerationParameters.Parse((Full with { GuidanceScale = scale }).ToString()).GuidanceScale);

    [Fact]
    public void A_text_of_the_web_UI_is_understood()
    {
        const string Text = """
            girl with a beret, blue eyes,
            <lora:detail:0.8>
            Negative prompt: ugly, ((blurry)),
            text
            Steps: 28, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 965400086, Size: 512x768, Model hash: 6ce0161689, Denoising strength: 0.4, Hires prompt: "a, \"b\"", Lora hashes: "detail: 7c6bad76eb54", Version: v1.10.1
            """;
        GenerationParameters read = GenerationParameters.Parse(Text.ReplaceLineEndings("\n"));
        Assert.Equal("girl with a beret, blue eyes,\n<lora:detail:0.8>", read.Prompt);
        Assert.Equal("ugly, ((blurry)),\ntext", read.NegativePrompt);
        Assert.Equal((28, "DPM++ 2M", 6.5f, 965400086L), (read.Steps, read.Sampler, read.GuidanceScale, read.Seed));
        Assert.Equal((512, 768, 0.4), (read.Width, read.Height, read.Strength));
        Assert.Equal(["Schedule type", "Model hash", "Hires prompt", "Lora hashes", "Version"], read.Other.Keys);
        Assert.Equal("a, \"b\"", read.Other["Hires prompt"]);
        Assert.Equal("detail: 7c6bad76eb54", read.Other["Lora hashes"]);
    }

    [Fact]
    public void Text_without_settings_is_a_prompt()
    {
        Assert.Equal("just a prompt\nin two lines", GenerationParameters.Parse("just a prompt\nin two lines").Prompt);
        Assert.Equal("pizza, size: large, seed: none", GenerationParameters.Parse("pizza, size: large, seed: none").Prompt);
        Assert.Equal(new GenerationParameters { Prompt = "a", NegativePrompt = "b" }, GenerationParameters.Parse("a\nNegative prompt: b"));
        Assert.Equal(new GenerationParameters(), GenerationParameters.Parse(""));
        Assert.Equal(new GenerationParameters(), GenerationParameters.Parse("\n \n"));
        Assert.Throws<ArgumentNullException>(() => GenerationParameters.Parse(null!));
    }

    [Fact]
    public void A_setting_that_is_not_of_its_kind_is_kept_as_text()
    {
        GenerationParameters read = GenerationParameters.Parse("a\nSteps: many, Sampler: DDIM, CFG scale: high, Seed: 99999999999999999999, Size: 64x64x3, Denoising strength: ?");
        Assert.Equal((null, null, null, null, null), (read.Steps, read.GuidanceScale, read.Seed, read.Width, read.Strength));
        Assert.Equal("DDIM", read.Sampler);
        Assert.Equal(["many", "high", "99999999999999999999", "64x64x3", "?"], read.Other.Values);
    }

    [Theory]
    [InlineData("a,")]
    [InlineData("aaaa ")]
    [InlineData("a:\"")]
    [InlineData("a: \"\\\",")]
    [InlineData(" ")]
    [InlineData("\"\\")]
    public void Long_lines_of_anything_are_read_in_reasonable_time(string piece)
    {
        // Quadratic work on these two million characters would take minutes, and the test runner would stop it.
        GenerationParameters read = GenerationParameters.Parse("x" + string.Concat(Enumerable.Repeat(piece, 400_000)));
        Assert.NotNull(read);
    }

    [Fact]
    public void Names_that_the_format_cannot_hold_are_refused()
    {
        foreach (string name in new[] { "", "a", "a:b", "a,b", "a\nb", " ab", "ab\n" })
        {
            Assert.Throws<ArgumentException>(() => new GenerationParameters { Other = new Dictionary<string, string> { [name] = "" } });
        }
    }

    [Fact]
    public void Pictures_without_parameters_have_none()
    {
        byte[] pixels = [1, 2, 3];
        Assert.Null(GenerationParameters.Read(_folder.Write("a.png", PngBytes.Write(1, 1, 3, pixels))));
        Assert.Null(GenerationParameters.Read(_folder.Write("a.png", PngBytes.Write(1, 1, 3, pixels, ("tEXt", "Parameters\0a"u8.ToArray())))));
    }

    [Fact]
    public void Parameters_of_other_writers_are_found()
    {
        byte[] pixels = [1, 2, 3];
        byte[] png = PngBytes.Write(1, 1, 3, pixels, ("tEXt", "Software\0x"u8.ToArray()), ("tEXt", "parameters\0a\nSteps: 1, Sampler: b, Seed: 2"u8.ToArray()));
        Assert.Equal(new GenerationParameters { Prompt = "a", Steps = 1, Sampler = "b", Seed = 2 }, GenerationParameters.Read(new MemoryStream(png)));
    }

    [Fact]
    public void Files_that_cannot_be_read_are_named()
    {
        string text = _folder.Write("text.png", "This is no picture, though long enough to be one."u8.ToArray());
        Assert.Contains(text, Assert.Throws<InvalidDataException>(() => GenerationParameters.Read(text)).Message, StringComparison.Ordinal);
        string missing = _folder.File("missing.png");
        Assert.Contains(missing, Assert.Throws<FileNotFoundException>(() => GenerationParameters.Read(missing)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_are_equal_when_all_of_them_are()
    {
        Assert.Equal(Full, Full with { Other = new Dictionary<string, string>() });
        Assert.Equal(Full.GetHashCode(), (Full with { Other = new Dictionary<string, string>() }).GetHashCode());
        Assert.NotEqual(Full, Full with { Seed = 43 });
        Assert.NotEqual(Full, Full with { Other = new Dictionary<string, string> { ["Model"] = "x" } });
        Assert.Throws<ArgumentNullException>(() => GenerationParameters.From(null!));
    }

    public void Dispose() => _folder.Dispose();

    private static void AssertSame(GenerationParameters expected, GenerationParameters actual)
    {
        Assert.Equal(expected, actual);
        Assert.Equal((expected.Prompt, expected.NegativePrompt, expected.Sampler), (actual.Prompt, actual.NegativePrompt, actual.Sampler));
        Assert.Equal((expected.Steps, expected.GuidanceScale, expected.Seed), (actual.Steps, actual.GuidanceScale, actual.Seed));
        Assert.Equal((expected.Width, expected.Height, expected.Strength), (actual.Width, actual.Height, actual.Strength));
        Assert.Equal(expected.Other, actual.Other);
    }
}
