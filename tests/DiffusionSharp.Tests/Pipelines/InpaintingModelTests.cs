using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Guidance;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>Models that take a mask and the rest of a picture behind the sample: the pipeline fills these channels in.</summary>
public sealed class InpaintingModelTests : IDisposable
{
    private static readonly InpaintingRequest Request = new("a cat", Toy.Picture(), Toy.RightHalf) { Seed = 5, GuidanceScale = 1 };
    private readonly RecordingPredictor _predictor = new(Toy.Predict);
    private readonly DiffusionPipeline _pipeline;
    private readonly DiffusionPipeline _ordinary = Toy.Builder(NoisePredictor.FromFunction(Toy.Predict)).Build();

    public InpaintingModelTests() => _pipeline = Toy.Builder(_predictor).UseConditions(new MaskedPictureConditions()).Build();

    [Fact]
    public void Each_picture_has_the_mask_and_the_latents_of_what_the_mask_leaves_drawn_after_its_first_noise()
    {
        _pipeline.Generate(Request with { Count = 2 });
        Tensor<float> channels = Assert.Single(_predictor.Plans).Conditioning.Concatenated!;
        Assert.Equal([2, 5, 2, 4], channels.Lengths.ToArray());
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal([0, 0, 1, 1, 0, 0, 1, 1], channels.Values().Slice(i * 40, 8).ToArray());
            Assert.Equal(Erased(AfterDrawing(5 + i, pictures: 0)), channels.Values().Slice((i * 40) + 8, 32).ToArray());
        }
    }

    [Fact]
    public void With_and_without_the_prompt_the_model_is_shown_the_same()
    {
        _pipeline.Generate(Request with { GuidanceScale = 3 });
        _pipeline.Generate(Request with { GuidanceScale = 3, NegativeConditioning = Conditioning.None });
        Assert.All(_predictor.Plans, plan => Assert.Equal(plan.Conditioning.Concatenated!.Values()[..40], plan.Conditioning.Concatenated!.Values()[40..]));
        Assert.Equal(2, _predictor.Plans.Count);
    }

    [Fact]
    public void A_generation_is_one_from_noise_alone_that_is_shown_these_channels()
    {
        GeneratedImage inpainted = _pipeline.Generate(Request).Images[0];
        var conditioning = Conditioning.Of((ConditionNames.Concatenated, _predictor.Plans.Single().Conditioning.Concatenated!));
        Toy.AssertSamePixels(_ordinary.Generate(new TextToImageRequest("a cat") { Seed = 5, GuidanceScale = 1, Conditioning = conditioning }).Images[0], inpainted);
    }

    [Fact]
    public void With_less_strength_it_is_one_from_the_noised_picture()
    {
        GeneratedImage inpainted = _pipeline.Generate(Request with { Strength = 0.5 }).Images[0];
        Tensor<float> channels = _predictor.Plans.Single().Conditioning.Concatenated!;
        var conditioning = Conditioning.Of((ConditionNames.Concatenated, channels));
        Toy.AssertSamePixels(_ordinary.Generate(new ImageToImageRequest("a cat", Toy.Picture()) { Seed = 5, GuidanceScale = 1, Strength = 0.5, Conditioning = conditioning }).Images[0], inpainted);
        Assert.Equal(Erased(AfterDrawing(5, pictures: 1)), channels.Values()[8..].ToArray());
    }

    [Fact]
    public void Without_a_mask_everything_is_drawn_anew()
    {
        _pipeline.Generate(new TextToImageRequest("a cat") { Seed = 5, GuidanceScale = 1 });
        ReadOnlySpan<float> channels = _predictor.Plans.Single().Conditioning.Concatenated!.Values();
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1], channels[..8].ToArray());
        Assert.Equal(new ToyAutoencoder().Encode(Tensor.CreateFromShape<float>([1, 3, 16, 32]), AfterDrawing(5, pictures: 0)).Values(), channels[8..]);
    }

    [Fact]
    public void Channels_of_the_callers_own_stay()
    {
        Tensor<float> own = Tensor.CreateFromShape<float>([1, 5, 2, 4]);
        _pipeline.Generate(Request with { Conditioning = Conditioning.Of((ConditionNames.Concatenated, own)) });
        Assert.Equal(own.Values(), _predictor.Plans.Single().Conditioning.Concatenated!.Values());
    }

    [Fact]
    public void A_scheduler_that_keeps_the_known_part_keeps_it_here_too()
    {
        var autoencoder = new ToyAutoencoder();
        using DiffusionPipeline pipeline = Toy.Builder(_predictor, autoencoder: autoencoder)
            .UseConditions(new MaskedPictureConditions())
            .UseScheduler(new RePaintScheduler(Toy.Ddim.Options.For<RePaintOptions>() with { JumpSamples = 1 }))
            .Build();
        float[] latents = pipeline.Generate(Request).Latents.Values().ToArray();
        float[] encoded = autoencoder.Encode(Toy.Picture(), new TorchCpuNoise(5L)).Values().ToArray();
        Assert.All(Enumerable.Range(0, 32), i => Assert.Equal(i % 4 < 2, encoded[i] == latents[i]));
    }

    [Fact]
    public void It_needs_a_latent_encoder()
    {
        var e = Assert.Throws<InvalidOperationException>(() => DiffusionPipeline.CreateBuilder()
            .UseNoisePredictor(_predictor).UseConditions(new MaskedPictureConditions()).UseScheduler(Toy.Ddim).UseLatentDecoder(new ToyAutoencoder()).Build());
        Assert.Contains("an inpainting model needs", e.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(DiffusionPipelineBuilder.UseLatentEncoder), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_ordinary_model_in_its_place_takes_no_such_channels()
    {
        var ordinary = new RecordingPredictor(Toy.Predict);
        using DiffusionPipeline pipeline = _pipeline.ToBuilder().UseNoisePredictor(ordinary).UseConditions().Build();
        pipeline.Generate(Request);
        Assert.Null(ordinary.Plans.Single().Conditioning.Concatenated);
    }

    public void Dispose()
    {
        _pipeline.Dispose();
        _ordinary.Dispose();
        _predictor.Dispose();
    }

    // The noise of a picture after the latents of so many pictures, and the noise that a generation begins with.
    private static TorchCpuNoise AfterDrawing(long seed, int pictures)
    {
        var noise = new TorchCpuNoise(seed);
        for (int i = 0; i <= pictures; i++)
        {
            noise.Fill(new float[32]);
        }

        return noise;
    }

    private static float[] Erased(TorchCpuNoise noise)
    {
        float[] kept = [.. Toy.Picture().Values().ToArray().Select((value, i) => i % 32 < 16 ? value : 0)];
        return new ToyAutoencoder().Encode(Tensor.Create(kept, [1, 3, 16, 32]), noise).Values().ToArray();
    }
}
