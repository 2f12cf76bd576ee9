using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Prediction;

public class NoisePredictorTests
{
    [Fact]
    public void A_function_is_called_with_what_the_run_was_given()
    {
        var plan = new PredictionPlan(new SampleShape(1, 1, 1, 3), Conditioning.None);
        INoisePredictor predictor = NoisePredictor.FromFunction((sample, timestep, given, prediction) =>
        {
            Assert.Same(plan, given);
            for (int i = 0; i < sample.Length; i++)
            {
                prediction[i] = sample[i] * (float)timestep;
            }
        });

        using IPredictionRun run = predictor.Start(plan);
        new float[] { 1, 2, 3 }.CopyTo(run.Sample);
        run.Predict(0.5);

        Assert.Equal([0.5f, 1, 1.5f], run.Prediction);
    }

    [Fact]
    public void Runs_have_buffers_of_their_own()
    {
        INoisePredictor predictor = NoisePredictor.FromFunction((sample, _, _, prediction) => sample.CopyTo(prediction));
        var plan = new PredictionPlan(new SampleShape(1, 1, 1, 1), Conditioning.None);
        using IPredictionRun one = predictor.Start(plan);
        using IPredictionRun two = predictor.Start(plan);
        one.Sample[0] = 1;
        two.Sample[0] = 2;
        one.Predict(0);
        two.Predict(0);
        Assert.Equal(1, one.Prediction[0]);
        Assert.Equal(2, two.Prediction[0]);
    }

    [Fact]
    public void Nothing_is_not_a_function_or_a_plan()
    {
        Assert.Throws<ArgumentNullException>(() => NoisePredictor.FromFunction(null!));
        Assert.Throws<ArgumentNullException>(() => NoisePredictor.FromFunction((_, _, _, _) => { }).Start(null!));
    }
}
