using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers;

namespace DiffusionSharp.Tests.Guidance;

public class GuidedPredictionTests
{
    // All of these are sums of few powers of two, so float32 represents every intermediate result.
    [Theory]
    [InlineData(7.5f, 0.5f, 0.25f, 2.125f)]
    [InlineData(2f, -1f, 0.5f, -2.5f)]
    [InlineData(1f, 0.75f, 100f, 0.75f)]
    [InlineData(0f, 0.75f, -4f, -4f)]
    [InlineData(-1f, 1f, 2f, 3f)]
    public void A_guided_prediction_is_u_plus_w_times_c_minus_u(float w, float conditional, float unconditional, float expected)
    {
        // With x_0 prediction and no clipping the predicted original is the guided prediction itself.
        ISchedulerRun run = new DdimScheduler(new DdimOptions { PredictionType = PredictionType.Sample, Clipping = SampleClipping.None })
            .Start(new SamplingPlan(10, new SampleShape(1, 1, 1, 1)));
        var original = new float[1];
        run.PredictOriginal(3, new GuidedPrediction([conditional], [unconditional], w), [42], original);
        Assert.Equal(expected, original[0]);

        // And the last step goes to it.
        run.Step(9, new GuidedPrediction([conditional], [unconditional], w), [42], original, ScriptedNoise.Constant(0, 1));
        Assert.Equal(expected, original[0]);
    }

    [Fact]
    public void Without_guidance_there_is_one_term_and_the_scale_is_1()
    {
        var prediction = new GuidedPrediction([1, 2, 3]);
        Assert.False(prediction.IsGuided);
        Assert.Equal(1, prediction.Scale);
        Assert.Equal(3, prediction.Length);
        Assert.True(prediction.Unconditional.IsEmpty);
    }

    [Fact]
    public void A_slice_is_the_same_range_of_both_terms()
    {
        GuidedPrediction slice = new GuidedPrediction([1, 2, 3, 4], [5, 6, 7, 8], 3).Slice(1, 2);
        Assert.Equal([2, 3], slice.Conditional);
        Assert.Equal([6, 7], slice.Unconditional);
        Assert.Equal(3, slice.Scale);
        Assert.Equal([2, 3], new GuidedPrediction([1, 2, 3, 4]).Slice(1, 2).Conditional);
    }

    [Fact]
    public void Terms_of_different_lengths_are_refused_with_both()
    {
        var e = Assert.Throws<ArgumentException>(() => { _ = new GuidedPrediction(new float[4], new float[3], 2); });
        Assert.Contains("4 values", e.Message, StringComparison.Ordinal);
        Assert.Contains('3', e.Message);
    }
}
