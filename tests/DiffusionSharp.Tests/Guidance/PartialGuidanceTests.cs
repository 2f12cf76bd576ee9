using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Tests.Pipelines;

namespace DiffusionSharp.Tests.Guidance;

/// <summary>Guidance of some channels only, and at scales below 1.</summary>
public class PartialGuidanceTests
{
    private static readonly SampleShape Shape = new(1, 3, 1, 2);
    private static readonly float[] Conditional = [1, 2, 3, 4, 5, 6];
    private static readonly float[] Unconditional = [0, 1, -1, 0, 2, 2];

    [Fact]
    public void Channels_behind_the_first_ones_keep_the_conditional_prediction() =>
        Assert.Equal([4, 5, 15, 16, 5, 6], Guided(new ChannelGuidance(new ClassifierFreeGuidance(), 2), 4));

    [Theory]
    [InlineData(0, new float[] { 0, 1, -1, 0, 2, 2 })]
    [InlineData(0.5, new float[] { 0.5f, 1.5f, 1, 2, 3.5f, 4 })]
    [InlineData(2, new float[] { 2, 3, 7, 8, 8, 10 })]
    public void At_every_scale_but_1_both_predictions_count(double scale, float[] expected) => Assert.Equal(expected, Guided(new InterpolatingGuidance(), scale));

    [Fact]
    public void At_1_one_prediction_is_made()
    {
        using DiffusionPipeline pipeline = Toy.Builder().UseGuidance(new InterpolatingGuidance()).Build();
        Assert.Equal(6, pipeline.Generate(new TextToImageRequest("a cat") { GuidanceScale = 1, Seed = 1 }).Timings.EvaluationsPerImage);
        Assert.Equal(12, pipeline.Generate(new TextToImageRequest("a cat") { GuidanceScale = 0.5f, Seed = 1 }).Timings.EvaluationsPerImage);
    }

    private static float[] Guided(IGuidance guidance, double scale) => new RecordedPredictions(Shape, [.. Conditional], [.. Unconditional]).Guide(guidance, scale).Guided;
}
