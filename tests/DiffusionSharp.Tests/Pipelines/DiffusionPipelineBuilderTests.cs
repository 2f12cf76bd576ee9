using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Tests.Guidance;
using DiffusionSharp.Tests.Schedulers;

namespace DiffusionSharp.Tests.Pipelines;

public class DiffusionPipelineBuilderTests
{
    private static readonly INoisePredictor Predictor = new RecordingPredictor(Toy.Predict);

    [Fact]
    public void A_missing_part_is_named_with_the_method_that_adds_it()
    {
        AssertMissing("noise predictor", "UseNoisePredictor", DiffusionPipeline.CreateBuilder().UseScheduler(Toy.Ddim).UsePixelSpace());
        AssertMissing("scheduler", "UseScheduler", DiffusionPipeline.CreateBuilder().UseNoisePredictor(Predictor).UsePixelSpace());
        AssertMissing("latent decoder", "UseLatentDecoder", DiffusionPipeline.CreateBuilder().UseNoisePredictor(Predictor).UseScheduler(Toy.Ddim));
        AssertMissing("latent decoder", "UsePixelSpace", DiffusionPipeline.CreateBuilder().UseNoisePredictor(Predictor).UseScheduler(Toy.Ddim));
    }

    [Fact]
    public void Encoder_and_decoder_of_different_spaces_are_refused_with_both()
    {
        DiffusionPipelineBuilder builder = Toy.Builder().UseLatentEncoder(new PixelSpace());
        string message = Assert.Throws<ArgumentException>(builder.Build).Message;
        Assert.Contains("Channels = 3", message, StringComparison.Ordinal);
        Assert.Contains("Channels = 4", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_not_a_part()
    {
        DiffusionPipelineBuilder builder = DiffusionPipeline.CreateBuilder();
        Assert.Throws<ArgumentNullException>(() => builder.UseTextEncoder(null!));
        Assert.Throws<ArgumentNullException>(() => builder.UseNoisePredictor(null!));
        Assert.Throws<ArgumentNullException>(() => builder.UseScheduler(null!));
        Assert.Throws<ArgumentNullException>(() => builder.UseLatentDecoder(null!));
        Assert.Throws<ArgumentNullException>(() => builder.UseLatentEncoder(null!));
        Assert.Throws<ArgumentNullException>(() => builder.UseGuidance(null!));
        Assert.Throws<ArgumentNullException>(() => builder.UseNoise(null!));
        Assert.Throws<ArgumentNullException>(() => builder.UseDefaults(null!));
        using DiffusionPipeline pipeline = Toy.Pipeline();
        Assert.Throws<ArgumentNullException>(() => pipeline.WithScheduler(null!));
    }

    [Fact]
    public void Noise_of_ones_own_is_made_from_the_seed_of_each_picture()
    {
        var seeds = new List<long>();
        INoiseSource Create(long seed)
        {
            seeds.Add(seed);
            return ScriptedNoise.Constant(seed, 48);
        }

        // The model says 0 and the sample passes through DDIM's steps scaled by the same factor everywhere.
        using DiffusionPipeline pipeline = Toy.PixelBuilder(NoisePredictor.FromFunction((_, _, _, prediction) => prediction.Clear())).UseNoise(Create).Build();
        GenerationResult result = pipeline.Generate(new GenerationRequest { Seeds = [2, 3], Count = 2 });
        Assert.Equal([2L, 3], seeds);
        Assert.Equal(1.5, result.Images[1].Pixels[0, 0, 0, 0] / result.Images[0].Pixels[0, 0, 0, 0], 1e-6);
    }

    [Fact]
    public void Pixel_space_may_be_gray()
    {
        using DiffusionPipeline pipeline = Toy.PixelBuilder(Predictor).UsePixelSpace(1).Build();
        Assert.Equal([1, 1, 4, 4], pipeline.Generate(new GenerationRequest()).Images[0].Pixels.Lengths);
    }

    [Fact]
    public void Defaults_fill_what_a_request_leaves_out()
    {
        using DiffusionPipeline pipeline = Toy.Builder().UseDefaults(new GenerationDefaults { Width = 8, Height = 24, Steps = 3, GuidanceScale = 2 }).Build();
        GeneratedImage image = pipeline.Generate(new TextToImageRequest("a cat")).Images[0];
        Assert.Equal([1, 3, 24, 8], image.Pixels.Lengths);
        Assert.Equal((3, 2f), (image.Request.Steps, image.Request.GuidanceScale));

        // Without a prompt there is nothing to follow, whatever the default.
        Assert.Equal(1, pipeline.Generate(new GenerationRequest()).Images[0].Request.GuidanceScale);
    }

    private static void AssertMissing(string part, string method, DiffusionPipelineBuilder builder)
    {
        string message = Assert.Throws<InvalidOperationException>(builder.Build).Message;
        Assert.Contains($"no {part}", message, StringComparison.Ordinal);
        Assert.Contains(method, message, StringComparison.Ordinal);
    }
}
