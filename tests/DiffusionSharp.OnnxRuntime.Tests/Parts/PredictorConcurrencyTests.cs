using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Tests.Support;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.OnnxRuntime.Tests.Parts;

/// <summary>A predictor is shared; a run is not.</summary>
public class PredictorConcurrencyTests
{
    private const int Runs = 8;

    [Theory]
    [InlineData("optimum-float32")]
    [InlineData("legacy-float16")]
    public async Task Runs_beside_each_other_give_the_bits_of_runs_one_after_another(string model)
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor(model);
        float[][] alone = [.. Enumerable.Range(0, Runs).Select(i => Loop(predictor, i, () => { }))];

        using var allAtOnce = new Barrier(Runs);
        Task<float[]>[] runs = [.. Enumerable.Range(0, Runs).Select(i => Task.Factory.StartNew(() => Loop(predictor, i, allAtOnce.SignalAndWait), default, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        float[][] together = await Task.WhenAll(runs);

        for (int i = 0; i < Runs; i++)
        {
            Assertions.SameBits(alone[i], together[i]);
        }
    }

    [Fact]
    public void Interleaved_runs_of_other_batches_and_conditions_keep_apart()
    {
        using OnnxNoisePredictor predictor = Fixture.Predictor("optimum-float32");
        PredictionPlan[] plans = [Plans.WithContext(1), Plans.WithContext(3)];
        using IPredictionRun first = predictor.Start(plans[0]);
        using IPredictionRun second = predictor.Start(plans[1]);
        float[][] samples = [Values.Array(plans[0].Shape.Length), Values.Array(plans[1].Shape.Length, 9)];
        samples[0].CopyTo(first.Sample);
        samples[1].CopyTo(second.Sample);
        first.Predict(700);
        second.Predict(3);

        // A few float32 roundings of values below 4.
        Assertions.Near(PredictorFormula.Compute(samples[0], 700, plans[0].Shape, plans[0].Conditioning), first.Prediction, 1e-6);
        Assertions.Near(PredictorFormula.Compute(samples[1], 3, plans[1].Shape, plans[1].Conditioning), second.Prediction, 1e-6);
    }

    // Thirty steps of a sample, a batch and a condition that belong to one run alone; each prediction is the next sample.
    private static float[] Loop(OnnxNoisePredictor predictor, int number, Action beforeFirst)
    {
        int batch = 1 + (number % 3);
        var plan = new PredictionPlan(Plans.Shape(batch), Conditioning.Of((ConditionNames.Context, Values.Tensor(number, batch, 3, 4))));
        using IPredictionRun run = predictor.Start(plan);
        float[] sample = Values.Array(plan.Shape.Length, number);
        beforeFirst();
        for (int step = 0; step < 30; step++)
        {
            sample.CopyTo(run.Sample);
            run.Predict(step + (100 * number));
            run.Prediction.CopyTo(sample);
        }

        return sample;
    }
}
