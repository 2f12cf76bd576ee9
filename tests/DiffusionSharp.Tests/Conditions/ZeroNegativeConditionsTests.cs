using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Tests.Guidance;
using DiffusionSharp.Tests.Pipelines;

namespace DiffusionSharp.Tests.Conditions;

/// <summary>No negative prompt is zeros for SDXL, an empty one is a prompt.</summary>
public class ZeroNegativeConditionsTests
{
    [Fact]
    public void None_is_zeros() => AssertUnconditional(new float[6], new float[2], new TextToImageRequest("a cat"));

    [Fact]
    public void An_empty_one_is_encoded() => AssertUnconditional(ToyTextEncoder.Embed(""), ToyTextEncoder.Embed("")[..2], new TextToImageRequest("a cat") { NegativePrompt = "" });

    [Fact]
    public void One_for_each_picture_is_encoded() =>
        AssertUnconditional(ToyTextEncoder.Embed("fur"), ToyTextEncoder.Embed("fur")[..2], new TextToImageRequest("a cat") { NegativePrompts = ["fur"] });

    [Fact]
    public void What_the_caller_brings_stays()
    {
        Tensor<float> context = Tensor.Create([1f, 2, 3, 4, 5, 6], [1, 2, 3]);
        Tensor<float> pooled = Tensor.Create([7f, 8], [1, 2]);
        var request = new TextToImageRequest("a cat") { NegativeConditioning = Conditioning.None.With(ConditionNames.Context, context).With(ConditionNames.Pooled, pooled) };
        AssertUnconditional([1, 2, 3, 4, 5, 6], [7, 8], request);
    }

    private static void AssertUnconditional(float[] context, float[] pooled, TextToImageRequest request)
    {
        var predictor = new RecordingPredictor(Toy.Predict);
        using DiffusionPipeline pipeline = Toy.Builder(predictor, new ToyTextEncoder { HasPooled = true }).UseConditions(new ZeroNegativeConditions()).Build();
        pipeline.Generate(request with { GuidanceScale = 2, Steps = 1 });
        Conditioning given = Assert.Single(predictor.Plans).Conditioning;
        Assert.Equal([.. context, .. ToyTextEncoder.Embed("a cat")], given[ConditionNames.Context]!.Values.Values());
        Assert.Equal([.. pooled, .. ToyTextEncoder.Embed("a cat")[..2]], given[ConditionNames.Pooled]!.Values.Values());
    }
}
