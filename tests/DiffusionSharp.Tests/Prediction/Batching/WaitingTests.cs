using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Prediction.Batching;

/// <summary>For whom a call waits. No test measures time: a wait in vain shows in the statistics, a wait for ever in a test that does not end.</summary>
public class WaitingTests
{
    [Fact]
    public async Task Nobody_waits_when_all_are_there()
    {
        var model = new RowPredictor();
        using var batching = new BatchingNoisePredictor(model, Generations.Patient);
        PredictionPlan[] plans = [.. Enumerable.Range(0, 4).Select(i => Generations.Plan(i))];
        await Task.WhenAll(plans.Select(plan => Generations.OnThread(() =>
        {
            using IPredictionRun run = batching.Start(plan);
            for (int step = 0; step < 20; step++)
            {
                Generations.PredictHere(run, plan, step);
            }
        })));
        Assert.Equal(80, batching.Statistics.Predictions);
        Assert.Equal(0, batching.Statistics.ExpiredWaits);
    }

    [Fact]
    public void Who_does_not_come_is_waited_for_once()
    {
        var model = new RowPredictor();
        using var batching = new BatchingNoisePredictor(model, new BatchingOptions { MaxWait = TimeSpan.FromMilliseconds(1) });
        (PredictionPlan absent, PredictionPlan plan) = (Generations.Plan(1), Generations.Plan(2));
        using IPredictionRun paused = batching.Start(absent);
        using IPredictionRun run = batching.Start(plan);
        for (int step = 0; step < 10; step++)
        {
            Generations.PredictHere(run, plan, step);
        }

        Assert.Equal(1, batching.Statistics.ExpiredWaits);

        // It has come back, alone, while the other is expected; then it is away again.
        Generations.PredictHere(paused, absent, 5);
        Generations.PredictHere(run, plan, 5);
        Assert.Equal(3, batching.Statistics.ExpiredWaits);
    }

    [Fact]
    public void Who_has_finished_is_not_waited_for()
    {
        var model = new RowPredictor();
        using var batching = new BatchingNoisePredictor(model, Generations.Patient);
        (PredictionPlan done, PredictionPlan plan) = (Generations.Plan(1), Generations.Plan(2));
        using IPredictionRun finished = batching.Start(done);
        finished.Finish();
        using IPredictionRun run = batching.Start(plan);
        Generations.PredictHere(run, plan, 3);
        Assert.Equal(0, batching.Statistics.ExpiredWaits);
    }

    [Fact]
    public void Nobody_waits_for_a_cancelled_generation()
    {
        using var cancellation = new CancellationTokenSource();
        using var batching = new BatchingNoisePredictor(new RowPredictor(), Generations.Patient);
        using IPredictionRun cancelled = batching.Start(Generations.Plan(1, cancellationToken: cancellation.Token));
        cancellation.Cancel();
        PredictionPlan plan = Generations.Plan(2);
        using IPredictionRun run = batching.Start(plan);
        Generations.PredictHere(run, plan, 3);
        Assert.Equal(0, batching.Statistics.ExpiredWaits);
    }

    [Fact]
    public void Nobody_waits_for_a_generation_that_would_not_fit_or_has_another_shape()
    {
        using var batching = new BatchingNoisePredictor(new RowPredictor(), Generations.Patient with { MaxRows = 4 });
        using IPredictionRun large = batching.Start(Generations.Plan(1, rows: 3));
        using IPredictionRun wide = batching.Start(Generations.Plan(1, width: 7));
        PredictionPlan plan = Generations.Plan(2, rows: 2);
        using IPredictionRun run = batching.Start(plan);
        Generations.PredictHere(run, plan, 3);
        Assert.Equal(0, batching.Statistics.ExpiredWaits);
    }

    [Fact]
    public void Without_a_wait_a_call_takes_who_is_there()
    {
        using var batching = new BatchingNoisePredictor(new RowPredictor(), new BatchingOptions { MaxWait = TimeSpan.Zero });
        using IPredictionRun absent = batching.Start(Generations.Plan(1));
        PredictionPlan plan = Generations.Plan(2);
        using IPredictionRun run = batching.Start(plan);
        Generations.PredictHere(run, plan, 3);
        Assert.Equal(1, batching.Statistics.Calls);
    }
}
