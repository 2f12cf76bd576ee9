using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Guidance;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>Starting from a picture (SDEdit, arXiv:2108.01073).</summary>
public class ImageToImageTests
{
    // As Python counts int(steps·strength): 100·0.29 is 28.999999999999996.
    [Theory]
    [InlineData(10, 0.3, 3)]
    [InlineData(50, 0.75, 37)]
    [InlineData(100, 0.29, 28)]
    [InlineData(1, 0.99, 0)]
    [InlineData(20, 1.0, 20)]
    [InlineData(20, 0.0, 0)]
    public void The_last_of_the_steps_are_taken_as_the_strength_asks(int steps, double strength, int taken)
    {
        var predictor = new RecordingPredictor(Toy.Predict);
        using DiffusionPipeline pipeline = Toy.Builder(predictor).Build();
        GenerationResult result = pipeline.Generate(new ImageToImageRequest("a cat", Toy.Picture()) { Steps = steps, Strength = strength });
        Assert.Equal(taken, predictor.Predictions);
        Assert.Equal(taken, result.Timings.Steps);
        IReadOnlyList<double> all = Toy.Ddim.Start(new SamplingPlan(steps, new SampleShape(1, 1, 1, 1))).Timesteps;
        Assert.Equal(all.Skip(steps - taken), predictor.Timesteps);
    }

    // By diffusers' get_timesteps of Stable Diffusion, int(n·s) from the end, and of Stable Diffusion 3, int(n - n·s) from the start.
    [Theory]
    [InlineData(StrengthRule.LastSteps, 10, 0.55, 5)]
    [InlineData(StrengthRule.FirstStepsLeftOut, 10, 0.55, 6)]
    [InlineData(StrengthRule.LastSteps, 28, 0.6, 16)]
    [InlineData(StrengthRule.FirstStepsLeftOut, 28, 0.6, 17)]
    [InlineData(StrengthRule.FirstStepsLeftOut, 10, 0.6, 6)]
    [InlineData(StrengthRule.FirstStepsLeftOut, 10, 0.04, 1)]
    [InlineData(StrengthRule.FirstStepsLeftOut, 10, 0.0, 0)]
    [InlineData(StrengthRule.FirstStepsLeftOut, 10, 1.0, 10)]
    [InlineData(StrengthRule.ShorterWay, 10, 0.55, 5)]
    public void A_part_of_a_step_counts_as_the_kind_of_model_counts_it(StrengthRule rule, int steps, double strength, int taken)
    {
        var predictor = new RecordingPredictor(Toy.Predict);
        using DiffusionPipeline pipeline = Toy.Builder(predictor).UseStrengthRule(rule).Build();
        pipeline.Generate(new ImageToImageRequest("a cat", Toy.Picture()) { Steps = steps, Strength = strength });
        IReadOnlyList<double> all = Toy.Ddim.Start(new SamplingPlan(steps, new SampleShape(1, 1, 1, 1))).Timesteps;
        Assert.Equal(all.Skip(steps - taken), predictor.Timesteps);
    }

    // As diffusers' LatentConsistencyModelImg2ImgPipeline and, with the same scheduler, StableDiffusionImg2ImgPipeline lay them out.
    [Theory]
    [InlineData(StrengthRule.ShorterWay, new[] { 499.0, 379, 259, 139 })]
    [InlineData(StrengthRule.LastSteps, new[] { 499.0, 259 })]
    public void With_LCM_the_kind_of_model_says_whether_the_way_is_shorter(StrengthRule rule, double[] timesteps)
    {
        var predictor = new RecordingPredictor(Toy.Predict);
        using DiffusionPipeline pipeline = Toy.Builder(predictor).UseStrengthRule(rule).UseScheduler(new LcmScheduler(Toy.Ddim.Options.For<LcmOptions>())).Build();
        using DiffusionPipeline derived = pipeline.ToBuilder().Build();
        GenerationResult result = derived.Generate(new ImageToImageRequest("a cat", Toy.Picture()) { Steps = 4, Strength = 0.5 });
        Assert.Equal(timesteps.Length, result.Timings.Steps);
        Assert.Equal(timesteps, predictor.Timesteps);
    }

    [Fact]
    public void Strength_0_returns_the_picture_as_the_autoencoder_sees_it()
    {
        var autoencoder = new ToyAutoencoder();
        using DiffusionPipeline pipeline = Toy.Builder(autoencoder: autoencoder).Build();
        GeneratedImage image = pipeline.Generate(new ImageToImageRequest("a cat", Toy.Picture()) { Strength = 0, Seed = 3 }).Images[0];
        Assert.Equal(autoencoder.Decode(autoencoder.Encode(Toy.Picture(), new TorchCpuNoise(3L)), DecodingContext.None).Values(), image.Pixels.Values());

        // In pixel space, the picture itself.
        using DiffusionPipeline pixels = Toy.PixelBuilder(NoisePredictor.FromFunction(Toy.Predict)).Build();
        Assert.Equal(Toy.Picture(4, 4).Values(), pixels.Generate(new GenerationRequest { InitialImage = Toy.Picture(4, 4), Strength = 0 }).Images[0].Pixels.Values());
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.6)]
    [InlineData(1)]
    public void The_picture_is_noised_to_the_level_of_the_first_step_taken(double strength)
    {
        // Pixel space draws nothing for encoding, so the noise is the first draw of the seed.
        float[]? first = null;
        INoisePredictor predictor = NoisePredictor.FromFunction((sample, _, _, prediction) =>
        {
            first ??= sample.ToArray();
            prediction.Clear();
        });
        using DiffusionPipeline pipeline = Toy.PixelBuilder(predictor).Build();
        pipeline.Generate(new GenerationRequest { InitialImage = Toy.Picture(4, 4), Strength = strength, Steps = 5, Seed = 11 });

        // arXiv:2006.11239, eq. 4, at the timestep of step 5 - 5·strength.
        double alphaBar = NoiseSchedule.Linear().AlphaBar[(int)Math.Round(strength * 5 - 1) * 200];
        var noise = new float[48];
        new TorchCpuNoise(11L).Fill(noise);
        ReadOnlySpan<float> picture = Toy.Picture(4, 4).Values();
        for (int i = 0; i < 48; i++)
        {
            double expected = (Math.Sqrt(alphaBar) * picture[i]) + (Math.Sqrt(1 - alphaBar) * noise[i]);
            Assert.Equal(expected, first![i], 4 * Approximate.Roundoff * (1 + Math.Abs(noise[i])));
        }
    }

    [Fact]
    public void The_picture_sets_the_size()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline();
        GeneratedImage image = pipeline.Generate(new ImageToImageRequest("a cat", Toy.Picture(24, 8))).Images[0];
        Assert.Equal([1, 3, 24, 8], image.Pixels.Lengths);
        Assert.Equal((8, 24), (image.Request.Width, image.Request.Height));
    }

    [Fact]
    public void Strength_says_nothing_without_a_picture()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline();
        var request = new TextToImageRequest("a cat") { Seed = 1 };
        Toy.AssertSamePixels(pipeline.Generate(request).Images[0], pipeline.Generate(request with { Strength = 0.1 }).Images[0]);
    }

    [Fact]
    public void Every_picture_of_a_batch_starts_from_the_same_one_with_noise_of_its_own()
    {
        using DiffusionPipeline pipeline = Toy.Pipeline();
        var request = new ImageToImageRequest("a cat", Toy.Picture()) { Seed = 5, Count = 2, Strength = 0.5 };
        GenerationResult batch = pipeline.Generate(request);
        Assert.NotEqual(batch.Images[0].Pixels.Values().ToArray(), batch.Images[1].Pixels.Values().ToArray());
        Toy.AssertSamePixels(pipeline.Generate(request with { Count = 1, Seed = 6 }).Images[0], batch.Images[1]);
    }

    [Fact]
    public void An_encoder_that_returns_another_size_is_named()
    {
        var decoder = new ToyAutoencoder { LatentSpace = new() { Channels = 4, DownsamplingFactor = 4 } };
        using DiffusionPipeline pipeline = Toy.Builder(autoencoder: decoder).Build();
        string message = Assert.Throws<InvalidOperationException>(() => pipeline.Generate(new ImageToImageRequest("a cat", Toy.Picture()))).Message;
        Assert.Contains("[1, 4, 2, 4]", message, StringComparison.Ordinal);
        Assert.Contains("[1, 4, 4, 8]", message, StringComparison.Ordinal);
    }
}
