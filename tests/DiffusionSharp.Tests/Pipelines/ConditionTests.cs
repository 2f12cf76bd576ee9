using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;
using DiffusionSharp.Tests.Guidance;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>What the model is conditioned on, from what the request says.</summary>
public sealed class ConditionTests : IDisposable
{
    private readonly RecordingPredictor _predictor = new(Toy.Predict);
    private readonly ToyTextEncoder _textEncoder = new() { HasPooled = true };
    private readonly DiffusionPipeline _pipeline;

    public ConditionTests() => _pipeline = Toy.Builder(_predictor, _textEncoder).Build();

    private Conditioning Given => Assert.Single(_predictor.Plans).Conditioning;

    [Fact]
    public void The_negative_prompt_is_the_unconditional_half_and_the_prompt_the_other()
    {
        _pipeline.Generate(new TextToImageRequest("a cat") { NegativePrompt = "fur", GuidanceScale = 2, Count = 2 });
        Assert.Equal([["a cat", "fur"]], _textEncoder.Calls);
        Assert.Equal([4, 2, 3], Given.Context!.Lengths);
        Assert.Equal([.. Embed("fur"), .. Embed("fur"), .. Embed("a cat"), .. Embed("a cat")], Given.Context!.Values());
        Assert.Equal([.. Embed("fur")[..2], .. Embed("fur")[..2], .. Embed("a cat")[..2], .. Embed("a cat")[..2]], Given.Pooled!.Values());
    }

    [Fact]
    public void Without_a_negative_prompt_the_empty_one_is_unconditional()
    {
        _pipeline.Generate(new TextToImageRequest("a cat"));
        Assert.Equal([["a cat", ""]], _textEncoder.Calls);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void Without_guidance_only_the_prompt_is_encoded(float scale)
    {
        _pipeline.Generate(new TextToImageRequest("a cat") { NegativePrompt = "fur", GuidanceScale = scale });
        Assert.Equal([["a cat"]], _textEncoder.Calls);
        Assert.Equal(Embed("a cat"), Given.Context!.Values());
    }

    [Fact]
    public void A_request_without_a_prompt_is_that_of_the_empty_one_without_guidance()
    {
        _pipeline.Generate(new GenerationRequest());
        Assert.Equal([[""]], _textEncoder.Calls);
    }

    [Fact]
    public void Texts_that_did_not_fit_are_named_in_the_warnings()
    {
        string tail = "with a very long tail";
        string prompt = new string('a', ToyTextEncoder.MaxLength) + tail;
        Assert.Empty(_pipeline.Generate(new TextToImageRequest("a cat") { NegativePrompt = "fur" }).Warnings);

        string warning = Assert.Single(_pipeline.Generate(new TextToImageRequest(prompt)).Warnings);
        Assert.StartsWith("The prompt", warning, StringComparison.Ordinal);
        Assert.Contains($"\"{tail}\"", warning, StringComparison.Ordinal);

        Conditioning own = Conditioning.Of((ConditionNames.Context, Tensor.Create([1f, 2, 3, 4, 5, 6], [1, 2, 3])), (ConditionNames.Pooled, Tensor.Create([7f, 8], [1, 2])));
        warning = Assert.Single(_pipeline.Generate(new TextToImageRequest("a cat") { NegativePrompt = prompt, Conditioning = own }).Warnings);
        Assert.StartsWith("The negative prompt", warning, StringComparison.Ordinal);

        warning = Assert.Single(_pipeline.Generate(new TextToImageRequest("a cat") { NegativePrompt = prompt }).Warnings);
        Assert.StartsWith("The negative prompt", warning, StringComparison.Ordinal);
        Assert.Contains($"\"{tail}\"", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Further_conditions_go_to_both_halves_of_a_guided_prediction()
    {
        _pipeline.Generate(new TextToImageRequest("a cat")
        {
            ClassLabel = 7,
            Conditioning = Conditioning.Of(("time_ids", Tensor.Create([5f], [1, 1]))),
        });
        Assert.Equal([7, 7], Given.ClassLabels!.Values());
        Assert.Equal([5f, 5], Given["time_ids"]!.Values.Values());
        Assert.Equal([.. Embed(""), .. Embed("a cat")], Given.Context!.Values());
    }

    [Fact]
    public void An_embedding_of_ones_own_stands_in_for_the_prompt()
    {
        Tensor<float> own = Tensor.Create([1f, 2, 3, 4, 5, 6], [1, 2, 3]);
        Tensor<float> away = Tensor.Create([6f, 5, 4, 3, 2, 1], [1, 2, 3]);
        _pipeline.Generate(new GenerationRequest
        {
            Conditioning = Conditioning.Of((ConditionNames.Context, own)),
            NegativeConditioning = Conditioning.Of((ConditionNames.Context, away)),
            GuidanceScale = 3,
        });
        Assert.Empty(_textEncoder.Calls);
        Assert.Equal([6, 5, 4, 3, 2, 1, 1, 2, 3, 4, 5, 6], Given.Context!.Values());
    }

    [Fact]
    public void Guidance_with_an_embedding_of_ones_own_moves_away_from_the_negative_prompt()
    {
        // Away from the embedding itself would be no guidance at all, at twice the cost.
        Conditioning own = Conditioning.Of((ConditionNames.Context, Tensor.Create([1f, 2, 3, 4, 5, 6], [1, 2, 3])), (ConditionNames.Pooled, Tensor.Create([7f, 8], [1, 2])));
        _pipeline.Generate(new TextToImageRequest("not read") { Conditioning = own, NegativePrompt = "fur", GuidanceScale = 3 });
        Assert.Equal([["fur"]], _textEncoder.Calls);
        Assert.Equal([.. Embed("fur"), 1, 2, 3, 4, 5, 6], Given.Context!.Values());
        Assert.Equal([.. Embed("fur")[..2], 7, 8], Given.Pooled!.Values());
    }

    [Fact]
    public void A_pooled_vector_of_ones_own_beside_a_prompt_goes_to_both_halves()
    {
        _pipeline.Generate(new TextToImageRequest("a cat") { Conditioning = Conditioning.Of((ConditionNames.Pooled, Tensor.Create([7f, 8], [1, 2]))), GuidanceScale = 3 });
        Assert.Equal([7, 8, 7, 8], Given.Pooled!.Values());
    }

    [Fact]
    public void An_embedding_to_move_away_from_stands_in_for_the_negative_prompt()
    {
        Tensor<float> away = Tensor.Create([6f, 5, 4, 3, 2, 1], [1, 2, 3]);
        _pipeline.Generate(new TextToImageRequest("a cat") { NegativeConditioning = Conditioning.Of((ConditionNames.Context, away), (ConditionNames.Pooled, Tensor.Create([1f, 0], [1, 2]))), GuidanceScale = 3 });
        Assert.Equal([["a cat"]], _textEncoder.Calls);
        Assert.Equal([6, 5, 4, 3, 2, 1, .. Embed("a cat")], Given.Context!.Values());
    }

    [Fact]
    public void Classes_are_guided_without_a_text_encoder()
    {
        using DiffusionPipeline pipeline = Toy.PixelBuilder(_predictor).Build();
        pipeline.Generate(new GenerationRequest
        {
            ClassLabel = 3,
            NegativeConditioning = Conditioning.Of((ConditionNames.ClassLabels, Tensor.Create([1000f], [1]))),
            GuidanceScale = 2,
            Count = 2,
        });
        Assert.Equal([1000, 1000, 3, 3], Given.ClassLabels!.Values());
    }

    public void Dispose() => _pipeline.Dispose();

    private static float[] Embed(string prompt) => ToyTextEncoder.Embed(prompt);
}
