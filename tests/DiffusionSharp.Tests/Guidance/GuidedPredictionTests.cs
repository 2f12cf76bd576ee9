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
        run.PredictOriginal(3, Guided.By(w, [conditional], [unconditional]), [42], original);
        Assert.Equal(expected, original[0]);

        // And the last step goes to it.
        run.Step(9, Guided.By(w, [conditional], [unconditional]), [42], original, ScriptedNoise.Constant(0, 1));
        Assert.Equal(expected, original[0]);
    }

    [Fact]
    public void Terms_and_weights_that_do_not_fit_together_are_refused_with_the_numbers()
    {
        ISchedulerRun run = new DdimScheduler().Start(new SamplingPlan(10, new SampleShape(2, 1, 1, 2)));
        AssertRefused("4 values, the unconditional one 3", new() { Conditional = new float[4], Unconditional = new float[3] });
        AssertRefused("3 guidance weights for a batch of 2", new() { Conditional = new float[4], Unconditional = new float[4], UnconditionalWeights = new double[3] });
        AssertRefused("has a weight, but is not there", new() { Conditional = new float[4], UnconditionalWeights = [-1] });

        void AssertRefused(string expected, GuidedPrediction prediction)
        {
            try
            {
                run.Step(0, prediction, new float[4], new float[4], ScriptedNoise.Constant(0, 4));
                Assert.Fail($"Expected: {expected}");
            }
            catch (ArgumentException e)
            {
                Assert.Contains(expected, e.Message, StringComparison.Ordinal);
            }
        }
    }
}
