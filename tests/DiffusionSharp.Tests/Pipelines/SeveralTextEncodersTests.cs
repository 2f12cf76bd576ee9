using DiffusionSharp.Conditions;
using DiffusionSharp.Tests.Guidance;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>A model with two text encoders: each reads the prompt or one of its own, and what they give is joined.</summary>
public sealed class SeveralTextEncodersTests : IDisposable
{
    private readonly RecordingPredictor _predictor = new(Toy.Predict);
    private readonly ToyTextEncoder _first = new();
    private readonly ToyTextEncoder _second = new() { HasPooled = true };
    private readonly DiffusionPipeline _pipeline;

    public SeveralTextEncodersTests() => _pipeline = Toy.Builder(_predictor).UseTextEncoders(FirstContextSecondPooled, _first, _second).Build();

    private Conditioning Given => Assert.Single(_predictor.Plans).Conditioning;

    [Fact]
    public void Each_reads_the_prompts_of_all_terms_in_one_call()
    {
        _pipeline.Generate(new TextToImageRequest("a cat") { NegativePrompt = "fur", GuidanceScale = 2 });
        Assert.Equal([["a cat", "fur"]], _first.Calls);
        Assert.Equal([["a cat", "fur"]], _second.Calls);
        Assert.Equal([.. Embed("fur"), .. Embed("a cat")], Given.Context!.Values());
        Assert.Equal([.. Embed("fur")[..2], .. Embed("a cat")[..2]], Given.Pooled!.Values());
        Assert.Equal([_first, _second], _pipeline.TextEncoders);
    }

    [Fact]
    public void The_second_one_may_have_prompts_of_its_own()
    {
        var own = new EncoderPrompts { Second = "a dog", NegativeSecond = "a tail" };
        _pipeline.Generate(new TextToImageRequest("a cat") { NegativePrompt = "fur", GuidanceScale = 2, Parts = [own] });
        Assert.Equal([["a cat", "fur"]], _first.Calls);
        Assert.Equal([["a dog", "a tail"]], _second.Calls);
    }

    [Fact]
    public void One_prompt_for_the_second_goes_with_several_for_the_first()
    {
        var request = new TextToImageRequest("a cat") { Prompts = ["a cat", "a dog"], Count = 2, GuidanceScale = 1, Parts = [new EncoderPrompts { Second = "soft light" }] };
        _pipeline.Generate(request);
        Assert.Equal([["a cat", "a dog"]], _first.Calls);
        Assert.Equal([["soft light", "soft light"]], _second.Calls);
        Assert.Equal([.. Embed("a cat"), .. Embed("a dog")], Given.Context!.Values());
        Assert.Equal([.. Embed("soft light")[..2], .. Embed("soft light")[..2]], Given.Pooled!.Values());
    }

    [Fact]
    public void A_prompt_for_an_encoder_that_is_not_there_is_said_to_have_no_effect()
    {
        var request = new TextToImageRequest("a cat") { Parts = [new EncoderPrompts { Third = "a dog" }] };
        Assert.Contains("text encoder 3, but the model has 2", Assert.Single(_pipeline.Generate(request).Warnings), StringComparison.Ordinal);
        using DiffusionPipeline one = Toy.Builder().Build();
        Assert.Single(one.Generate(request with { Parts = [new EncoderPrompts { NegativeSecond = "" }] }).Warnings);
    }

    [Fact]
    public void What_one_of_them_leaves_out_is_said_once()
    {
        string prompt = new string('a', ToyTextEncoder.MaxLength) + "tail";
        string warning = Assert.Single(_pipeline.Generate(new TextToImageRequest(prompt) { GuidanceScale = 1 }).Warnings);
        Assert.Contains("\"tail\"", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void All_are_disposed_with_the_pipeline()
    {
        _pipeline.Dispose();
        Assert.Equal((1, 1), (_first.Disposals, _second.Disposals));
    }

    [Fact]
    public void How_to_encode_is_the_requests_to_say()
    {
        using var cached = new CachedTextEncoder(_first);
        TextEncodingPlan skipping = new() { Options = new TextEncodingOptions { ClipSkip = 1 } };
        cached.Encode(["a cat"], TextEncodingPlan.Default, CancellationToken.None);
        cached.Encode(["a cat"], skipping, CancellationToken.None);
        cached.Encode(["a cat"], skipping with { Steps = 7 }, CancellationToken.None);
        Assert.Equal(2, _first.Calls.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextEncodingOptions { ClipSkip = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextEncodingOptions { MaxLength = 0 });
    }

    public void Dispose() => _pipeline.Dispose();

    private static float[] Embed(string prompt) => ToyTextEncoder.Embed(prompt);

    private static Conditioning FirstContextSecondPooled(IReadOnlyList<Conditioning> texts) => texts[0].With(texts[1][ConditionNames.Pooled]!);
}
