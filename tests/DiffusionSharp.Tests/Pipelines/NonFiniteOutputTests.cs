using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Guidance;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>What is not finite goes no further, whichever part returned it, and the error names the part.</summary>
public class NonFiniteOutputTests
{
    private static readonly TextToImageRequest Text = new("a cat");

    public static TheoryData<float> Values => [float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    [Theory]
    [MemberData(nameof(Values))]
    public async Task Of_the_latent_decoder(float value)
    {
        using DiffusionPipeline pipeline = Toy.Builder().UseLatentDecoder(new BrokenDecoder(value)).Build();
        AssertNamed("the latent decoder", () => pipeline.Generate(Text));
        await foreach (DenoisingStep step in pipeline.StreamAsync(Text))
        {
            var error = await Assert.ThrowsAsync<NonFiniteSampleException>(step.DecodePreviewAsync);
            Assert.Equal("the latent decoder", error.Part);
        }
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Of_the_latent_encoder(float value)
    {
        using DiffusionPipeline pipeline = Toy.Builder().UseLatentEncoder(new BrokenEncoder(value)).Build();
        AssertNamed("the latent encoder", () => pipeline.Generate(new ImageToImageRequest("a cat", Toy.Picture())));
        AssertNamed("the latent encoder", () => pipeline.Generate(new ImageToImageRequest("a cat", Toy.Picture()) { Mask = Toy.RightHalf }));
        AssertNamed("the latent encoder", () => pipeline.Generate(new ImageToImageRequest("a cat", Toy.Picture()) { Strength = 0 }));
    }

    [Theory]
    [InlineData(float.NaN, false)]
    [InlineData(float.PositiveInfinity, false)]
    [InlineData(float.NaN, true)]
    public void Of_the_text_encoder(float value, bool pooled)
    {
        using DiffusionPipeline pipeline = Toy.Builder().UseTextEncoder(new BrokenTextEncoder(value, pooled)).Build();
        AssertNamed("the text encoder", () => pipeline.Generate(Text));
        using DiffusionPipeline cached = Toy.Builder().UseTextEncoder(new CachedTextEncoder(new BrokenTextEncoder(value, pooled), 4)).Build();
        AssertNamed("the text encoder", () => cached.Generate(Text));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Of_the_noise_predictor_also_where_clipping_would_hide_it(float value)
    {
        // An infinite epsilon makes an infinite original, which clipping makes 1, from which a finite epsilon is derived again.
        var predictor = new RecordingPredictor((_, _, _, prediction) => prediction[5] = value);
        using DiffusionPipeline pipeline = Toy.PixelBuilder(predictor).UseScheduler(new DdimScheduler(new DdimOptions())).Build();
        NonFiniteSampleException error = AssertNamed("the noise predictor", () => pipeline.Generate(new GenerationRequest()));
        Assert.Equal(1, error.Step);
    }

    [Fact]
    public void Of_the_noise_predictor_without_the_condition()
    {
        var predictor = new RecordingPredictor((_, _, plan, prediction) => prediction[^1] = plan.Shape.Batch > 1 ? float.NaN : 0);
        using DiffusionPipeline pipeline = Toy.Builder(predictor).Build();
        AssertNamed("the noise predictor", () => pipeline.Generate(Text));
    }

    private static NonFiniteSampleException AssertNamed(string part, Func<object> generate)
    {
        var error = Assert.Throws<NonFiniteSampleException>(generate);
        Assert.Equal(part, error.Part);
        Assert.Contains(part, error.Message, StringComparison.OrdinalIgnoreCase);
        return error;
    }

    private static Tensor<float> OneOf(float value, params nint[] lengths)
    {
        Tensor<float> tensor = Tensor.CreateFromShape<float>(lengths);
        tensor[new nint[lengths.Length]] = value;
        return tensor;
    }

    private sealed class BrokenDecoder(float value) : ILatentDecoder
    {
        public LatentSpace LatentSpace { get; } = new ToyAutoencoder().LatentSpace;

        public Tensor<float> Decode(Tensor<float> latents, DecodingContext context, CancellationToken cancellationToken = default) =>
            OneOf(value, latents.Lengths[0], 3, latents.Lengths[2] * 8, latents.Lengths[3] * 8);
    }

    private sealed class BrokenEncoder(float value) : ILatentEncoder
    {
        public LatentSpace LatentSpace { get; } = new ToyAutoencoder().LatentSpace;

        public Tensor<float> Encode(Tensor<float> image, INoiseSource noise, CancellationToken cancellationToken = default) =>
            OneOf(value, 1, 4, image.Lengths[2] / 8, image.Lengths[3] / 8);
    }

    private sealed class BrokenTextEncoder(float value, bool pooled) : ITextEncoder
    {
        public IPromptSyntax? Syntax => null;

        public TextEncoding Encode(IReadOnlyList<string> prompts, TextEncodingPlan plan, CancellationToken cancellationToken) =>
            new(Conditioning.Of((ConditionNames.Context, OneOf(pooled ? 0 : value, prompts.Count, 2, 3)), (ConditionNames.Pooled, OneOf(pooled ? value : 0, prompts.Count, 2))));
    }
}
