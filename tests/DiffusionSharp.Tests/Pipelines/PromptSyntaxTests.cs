using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;
using DiffusionSharp.Tests.Guidance;
using DiffusionSharp.Tests.Text.Prompts;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>Prompts that are written in a syntax, in a generation; and wishes that have no effect.</summary>
public sealed class PromptSyntaxTests
{
    private readonly List<float[]> _seen = [];

    [Fact]
    public void The_network_sees_at_each_step_what_the_prompt_says_then()
    {
        using DiffusionPipeline pipeline = Pipeline(PromptSyntax.A1111);
        pipeline.Generate(new TextToImageRequest("[a red|a green] leaf") { NegativePrompt = "[:apple:2]", Steps = 4, GuidanceScale = 3, Seed = 1 });
        Assert.Equal(["", "", "apple", "apple"], _seen.Select(context => Named(context[..(context.Length / 2)])));
        Assert.Equal(["a red leaf", "a green leaf", "a red leaf", "a green leaf"], _seen.Select(context => Named(context[(context.Length / 2)..])));
    }

    [Fact]
    public void Each_picture_may_have_a_prompt_that_changes()
    {
        using DiffusionPipeline pipeline = Pipeline(PromptSyntax.A1111);
        pipeline.Generate(new TextToImageRequest("-") { Prompts = ["leaf", "[a red:a green:1] leaf"], Count = 2, Steps = 3, GuidanceScale = 1, Seed = 1 });
        Assert.All(_seen, context => Assert.Equal("leaf", Named(context[..(context.Length / 2)])));
        Assert.Equal(["a red leaf", "a green leaf", "a green leaf"], _seen.Select(context => Named(context[(context.Length / 2)..])));
    }

    [Fact]
    public void A_prompt_that_cannot_be_read_is_refused_before_any_work()
    {
        using DiffusionPipeline pipeline = Pipeline(PromptSyntax.A1111);
        Assert.Equal(9, Assert.Throws<PromptSyntaxException>(() => { _ = pipeline.GenerateAsync(new TextToImageRequest("a (leaf:1.2.3)")); }).Column);
        Assert.Throws<PromptSyntaxException>(() => { _ = pipeline.GenerateAsync(new TextToImageRequest("a leaf") { NegativePrompt = "(a:.)" }); });
        Assert.Empty(_seen);
    }

    [Theory]
    [InlineData("a (red:1.2) leaf", "\"(red:1.2)\"")]
    [InlineData("a ((red: .5) leaf", "\"(red: .5)\"")]
    [InlineData("a red leaf (small: green)", null)]
    [InlineData("a red leaf, 16:9 (wide)", null)]
    public void Weights_are_told_of_where_no_syntax_reads_them(string prompt, string? told)
    {
        using DiffusionPipeline plain = Toy.Builder().Build();
        IReadOnlyList<string> warnings = plain.Generate(new TextToImageRequest(prompt.Length > ToyTextEncoder.MaxLength ? "leaf" : prompt) { NegativePrompt = "x", Prompts = [prompt] }).Warnings;
        if (told is null)
        {
            Assert.DoesNotContain(warnings, warning => warning.Contains("weight", StringComparison.Ordinal));
        }
        else
        {
            Assert.Contains(told, Assert.Single(warnings, warning => warning.Contains("weight", StringComparison.Ordinal)), StringComparison.Ordinal);
        }

        using DiffusionPipeline reading = Pipeline(PromptSyntax.A1111);
        Assert.Empty(reading.Generate(new TextToImageRequest(prompt)).Warnings);
    }

    [Theory]
    [InlineData(1f, true)]
    [InlineData(0.5f, true)]
    [InlineData(2f, false)]
    public void A_negative_prompt_without_guidance_is_told_of(float scale, bool isIdle)
    {
        using DiffusionPipeline pipeline = Toy.Builder().Build();
        IReadOnlyList<string> warnings = pipeline.Generate(new TextToImageRequest("leaf") { NegativePrompt = "red", GuidanceScale = scale }).Warnings;
        Assert.Equal(isIdle ? 1 : 0, warnings.Count);
        Assert.All(warnings, warning => Assert.StartsWith("The negative prompt has no effect", warning, StringComparison.Ordinal));
        Assert.Empty(pipeline.Generate(new TextToImageRequest("leaf") { NegativePrompt = " ", GuidanceScale = scale }).Warnings);
    }

    [Fact]
    public void A_strength_without_a_picture_is_told_of()
    {
        using DiffusionPipeline pipeline = Toy.Builder().Build();
        string warning = Assert.Single(pipeline.Generate(new TextToImageRequest("leaf") { Strength = 0.3 }).Warnings);
        Assert.Contains("strength of 0.3", warning, StringComparison.Ordinal);
        Assert.Empty(pipeline.Generate(new TextToImageRequest("leaf") { Strength = 0.3, InitialImage = Toy.Picture() }).Warnings);
    }

    private DiffusionPipeline Pipeline(IPromptSyntax syntax) => Toy.Builder(new RecordingPredictor(Predict)).UseTextEncoder(new PromptSyntaxEncoder(new ToyTokenEncoder(), syntax)).Build();

    private void Predict(ReadOnlySpan<float> sample, double timestep, PredictionPlan plan, Span<float> prediction)
    {
        _seen.Add([.. plan.Conditioning.Context!.Values()]);
        sample.CopyTo(prediction);
    }

    private static string Named(float[] context)
    {
        using var encoder = new ToyTokenEncoder();
        return Assert.Single(["", "leaf", "apple", "a red leaf", "a green leaf"], prompt => encoder.Encode([prompt]).Parts.Context!.Values().SequenceEqual(context));
    }
}
