using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.Tests.Parts;

/// <summary>Between the first and the last step the managed heap does not grow.</summary>
public class PredictorSteadyStateTests
{
    [Theory]
    [InlineData("legacy-float32")]
    [InlineData("legacy-float16")]
    [InlineData("optimum-float32")]
    [InlineData("optimum-float16")]
    [InlineData("int32-timestep")]
    [InlineData("fine-timestep")]
    [InlineData("pooled-and-time-ids")]
    public void A_prediction_allocates_nothing(string model) =>
        AssertNoAllocation(model, new PredictionPlan(Plans.Shape(2), Plans.PooledAndTimeIds(2)));

    [Fact]
    public void A_prediction_with_concatenated_channels_allocates_nothing() =>
        AssertNoAllocation("concatenated", new PredictionPlan(Plans.Shape(2), Plans.MaskAndLatents(2)));

    [Fact]
    public void A_prediction_that_can_be_cancelled_allocates_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        AssertNoAllocation("optimum-float32", Plans.WithContext() with { CancellationToken = cancellation.Token });
    }

    [Theory]
    [InlineData("legacy-float32")]
    [InlineData("legacy-float16")]
    [InlineData("pooled-and-time-ids")]
    public void A_prediction_whose_rows_are_replaced_allocates_nothing(string model)
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor(model);
        using IRowwiseRun run = predictor.StartRows(new PredictionPlan(Plans.Shape(3), Plans.PooledAndTimeIds(3)));
        (Conditioning one, Conditioning two) = (Plans.PooledAndTimeIds(1), Plans.PooledAndTimeIds(2));
        double[] timesteps = [5, 5, 5];
        Assert.Equal(0, AllocatedBytes.LeastOf(5, () =>
        {
            for (int i = 0; i < 10; i++)
            {
                Step(one, two, 1);
                Step(two, one, 2);
            }
        }));

        void Step(Conditioning first, Conditioning second, int secondRow)
        {
            run.SetConditions(0, first);
            run.SetConditions(secondRow, second);
            run.Predict(timesteps);
        }
    }

    private static void AssertNoAllocation(string model, PredictionPlan plan)
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor(model);
        using IPredictionRun run = predictor.Start(plan);
        float[] sample = Values.Array(plan.Shape.Length);
        Assert.Equal(0, AllocatedBytes.LeastOf(5, () =>
        {
            for (int timestep = 999; timestep >= 0; timestep -= 50)
            {
                Step(timestep);
            }
        }));

        void Step(int timestep)
        {
            sample.CopyTo(run.Sample);
            run.Predict(timestep);
            run.Prediction[..sample.Length].CopyTo(sample);
        }
    }
}
