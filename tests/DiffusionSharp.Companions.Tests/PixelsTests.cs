using DiffusionSharp.Companions.Tests.Support;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;
using Xunit.Abstractions;

namespace DiffusionSharp.Companions.Tests;

/// <summary>Imagen's form: a T5-like encoder, pixels with learned variances and dynamic thresholding, and the upscaler behind them.</summary>
public class PixelsTests(PixelsTests.Model companion, ITestOutputHelper output) : IClassFixture<PixelsTests.Model>
{
    private const string Name = "emoji-pixels";
    private const int Steps = 20;

    private static readonly string[] Names =
    [
        "grinning face", "smiling face with sunglasses", "alien", "broken heart", "frog", "panda", "owl", "lemon", "pizza", "watermelon", "evergreen tree", "fire engine",
        "taxi", "crescent moon", "cloud", "green book", "umbrella", "key",
    ];

    [Fact]
    public void It_loads_as_a_folder_and_is_sampled_as_DeepFloyd_IF()
    {
        DdpmOptions options = Assert.IsType<DdpmScheduler>(companion.Pipeline.Scheduler).Options;
        Assert.Equal((VarianceType.LearnedRange, SampleClipping.DynamicThreshold(0.95f, 1.5f)), (options.VarianceType, options.Clipping));
        Assert.Equal((32, 32, 3), (companion.Pipeline.Defaults.Width, companion.Pipeline.Defaults.Height, companion.Pipeline.LatentSpace.Channels));
    }

    [Fact]
    public void Prompts_have_the_ids_that_sentencepiece_gives_them() =>
        TokenFixture.AssertSame("pixels_tokens.json", T5Tokenizer.Load(Companion.PathOf(Name, "tokenizer"), lowercase: true), length: 77, padding: 0);

    /// <summary>Of 1,199 emojis: one in 1,199 by chance.</summary>
    [Fact]
    public void Of_most_names_the_right_emoji_is_drawn()
    {
        Assert.Equal(1199, EmojiThumbnails.Count);
        IReadOnlyList<GeneratedImage> images = companion.Pipeline.Generate(Request(Names)).Images;
        string[] nearest = [.. images.Select(EmojiThumbnails.Nearest)];
        output.WriteLine(string.Join(Environment.NewLine, Names.Zip(nearest, (name, found) => $"{name}: {found}")));
        int right = Names.Zip(nearest).Count(pair => pair.First == pair.Second);
        Assert.True(right >= 0.6 * Names.Length, $"{right} of {Names.Length} are right.");
    }

    [Fact]
    public void Guidance_leaves_the_emoji_what_it_is()
    {
        IReadOnlyList<GeneratedImage> images = companion.Pipeline.Generate(Request("taxi", "house") with { GuidanceScale = 3 }).Images;
        Assert.Equal(["taxi", "house"], images.Select(EmojiThumbnails.Nearest));
    }

    /// <summary>The colours are those of training's scenes.</summary>
    [Fact]
    public void The_background_has_the_colour_that_was_asked_for()
    {
        (string Name, int[] Colour)[] colours = [("black", [20, 20, 20]), ("blue", [50, 110, 220]), ("pink", [245, 150, 190]), ("white", [255, 255, 255])];
        IReadOnlyList<GeneratedImage> images = companion.Pipeline.Generate(Request([.. colours.Select(colour => $"an owl on a {colour.Name} background")])).Images;
        for (int i = 0; i < colours.Length; i++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                double corners = Pictures.Mean(images[i].Pixels, channel, (x, y) => x is < 3 or >= 29 && y is < 3 or >= 29);
                output.WriteLine($"{colours[i].Name}, channel {channel}: {corners:0}, asked for {colours[i].Colour[channel]}");
                Assert.InRange(corners, colours[i].Colour[channel] - 25, colours[i].Colour[channel] + 25);
            }
        }
    }

    [Fact]
    public async Task Before_the_upscaler_it_makes_a_cascade_whose_pictures_are_the_small_ones()
    {
        using Cascade cascade = await LoadCascadeAsync();
        string[] prompts = ["a taxi", "an owl on a purple background"];
        GenerationResult result = await cascade.GenerateAsync(Request(prompts) with { Steps = 10, Parts = [new UpscalerSettings { Steps = 10, NoiseLevel = 20 }] });
        for (int i = 0; i < prompts.Length; i++)
        {
            Assert.Equal([1, 3, 64, 64], result.Images[i].Pixels.Lengths);
            double near = Psnr.Between(result.Stages[0].Images[i].Pixels, Pictures.Shrink(result.Images[i].Pixels, 2));
            double far = Psnr.Between(result.Stages[0].Images[1 - i].Pixels, Pictures.Shrink(result.Images[i].Pixels, 2));
            output.WriteLine($"{near:0.0} dB from its own small picture, {far:0.0} dB from the other");
            Assert.True(near > far + 6, $"{near:0.0} dB from its own small picture, {far:0.0} dB from the other.");
        }

        Assert.Equal("taxi", EmojiThumbnails.Nearest(result.Images[0]));
    }

    [Fact]
    public async Task Sizes_and_noise_levels_that_it_does_not_have_are_refused_by_name()
    {
        ArgumentException wide = Assert.Throws<ArgumentException>(() => companion.Pipeline.Generate(Request("a taxi") with { Width = 64 }));
        Assert.Contains("width of 32", wide.Message, StringComparison.Ordinal);
        using Cascade cascade = await LoadCascadeAsync();
        ArgumentException odd = await Assert.ThrowsAnyAsync<ArgumentException>(() => cascade.GenerateAsync(Request("a taxi") with { Width = 50 }));
        Assert.Contains("Width", odd.Message, StringComparison.Ordinal);
        ArgumentException level = await Assert.ThrowsAnyAsync<ArgumentException>(() => cascade.GenerateAsync(Request("a taxi") with { Parts = [new UpscalerSettings { NoiseLevel = 351 }] }));
        Assert.Contains("NoiseLevel", level.Message, StringComparison.Ordinal);
        Assert.Contains("350", level.Message, StringComparison.Ordinal);
    }

    private static Task<Cascade> LoadCascadeAsync() => OnnxCascade.LoadAsync([Companion.PathOf(Name), Companion.PathOf("emoji-upscaler")]);

    private static TextToImageRequest Request(params string[] prompts) =>
        new(prompts[0]) { Prompts = prompts, Count = prompts.Length, Steps = Steps, GuidanceScale = 1, Seed = 0 };

    public sealed class Model : IDisposable
    {
        public DiffusionPipeline Pipeline { get; } = OnnxDiffusionPipeline.Load(Companion.PathOf(Name));

        public void Dispose() => Pipeline.Dispose();
    }
}
