using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Prediction.Batching;

/// <summary>Between two steps nothing is allocated, neither by those who wait nor by the thread that calls the model.</summary>
[Collection(AloneCollection.Name)]
public class SteadyStateTests
{
    private const int Steps = 100;
    private const int Rounds = 5;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_prediction_allocates_nothing(int generations)
    {
        var atCall = new long[(Steps * Rounds) + 1];
        int calls = 0;
        var model = new RowPredictor { Records = false };
        model.InCall = _ => atCall[calls++] = GC.GetAllocatedBytesForCurrentThread();
        using var batching = new BatchingNoisePredictor(model, Generations.Patient);
        using var cancellation = new CancellationTokenSource();
        PredictionPlan[] plans = [.. Enumerable.Range(0, generations).Select(i => Generations.Plan(i, cancellationToken: cancellation.Token))];
        IPredictionRun[] runs = [.. plans.Select(batching.Start)];

        long[] allocated = await Task.WhenAll(runs.Select(run => Task.Factory.StartNew(() => AllocatedBySteps(run), default, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        Assert.All(allocated, bytes => Assert.Equal(0, bytes));
        Assert.Equal(atCall.Length, calls);
        Assert.Equal(0, Enumerable.Range(0, Rounds).Min(round => atCall[(round + 1) * Steps] - atCall[(round * Steps) + 1]));
        Array.ForEach(runs, run => run.Dispose());
    }

    private static long AllocatedBySteps(IPredictionRun run)
    {
        run.Predict(0);
        return AllocatedBytes.LeastOf(Rounds, () =>
        {
            for (int step = 0; step < Steps; step++)
            {
                run.Sample.Fill(step);
                run.Predict(step);
            }
        });
    }
}
