using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Prediction.Batching;

/// <summary>Many generations that come, go, are cancelled and fail at random: each has its own results, and nothing is left behind.</summary>
public class StressTests
{
    private const int Threads = 12;
    private const int GenerationsOfThread = 60;

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    public async Task Generations_in_any_order_get_what_is_theirs(bool hasTimestepPerRow, int milliseconds)
    {
        int calls = 0;
        var model = new RowPredictor { HasTimestepPerRow = hasTimestepPerRow, Records = false };
        model.InCall = _ =>
        {
            if (++calls % 97 == 0)
            {
                throw new TimeoutException();
            }
        };
        using var batching = new BatchingNoisePredictor(model, new BatchingOptions { MaxRows = 6, MaxWait = TimeSpan.FromMilliseconds(milliseconds) });

        int[] failures = await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Factory.StartNew(() => Generate(batching, thread), default, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        // A generation that is cancelled in a call that fails may learn of either.
        Assert.True(failures.Sum() > 0, $"{calls} calls, of which every 97th failed, but no generation did.");
        Assert.True(batching.Statistics.Predictions > batching.Statistics.Calls, $"Nothing was merged: {batching.Statistics}.");
        Assert.Equal(0, batching.Statistics.Waiting);
        Assert.Equal(0, model.Runs);
    }

    // Returns how many generations an error of a call has ended.
    private static int Generate(BatchingNoisePredictor batching, int thread)
    {
        var random = new Random(thread);
        int failures = 0;
        for (int i = 0; i < GenerationsOfThread; i++)
        {
            using var cancellation = new CancellationTokenSource();
            PredictionPlan plan = Generations.Plan(random.Next(), rows: random.Next(1, 5), width: random.Next(3, 5), cancellationToken: cancellation.Token);
            using IPredictionRun run = batching.Start(plan);
            int cancelledAt = random.Next(40);
            try
            {
                for (int step = 0; step < 20; step++)
                {
                    if (step == cancelledAt)
                    {
                        _ = cancellation.CancelAsync();
                    }

                    Generations.PredictHere(run, plan, step);
                }
            }
            catch (OperationCanceledException)
            {
                Assert.True(cancelledAt < 20);
            }
            catch (TimeoutException)
            {
                failures++;
            }
        }

        return failures;
    }
}
