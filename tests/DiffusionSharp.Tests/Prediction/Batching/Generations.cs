using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Prediction.Batching;

/// <summary>What plays the part of a generation in tests of batching.</summary>
internal static class Generations
{
    /// <summary>When a test gives up. None passes or fails by a shorter time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>A call waits for everybody who is expected, however long it takes.</summary>
    public static BatchingOptions Patient { get; } = new() { MaxWait = TimeSpan.FromMinutes(1) };

    /// <summary>A plan whose rows all have contexts of their own.</summary>
    public static PredictionPlan Plan(int number, int rows = 1, int width = 3, int tokens = 2, CancellationToken cancellationToken = default) =>
        new(new SampleShape(rows, 2, 2, width), Conditioning.Of((ConditionNames.Context, Tensor.Create(Numbers(rows * tokens * 2, number), [rows, tokens, 2])))) { CancellationToken = cancellationToken };

    public static float[] Numbers(int count, int seed) => [.. Enumerable.Range(0, count).Select(i => (float)Math.Sin((seed * 7.1) + i))];

    /// <summary>One prediction of a run, checked, on a thread of its own.</summary>
    public static Task Predict(IPredictionRun run, PredictionPlan plan, double timestep) => OnThread(() => PredictHere(run, plan, timestep));

    public static void PredictHere(IPredictionRun run, PredictionPlan plan, double timestep)
    {
        float[] sample = Numbers(plan.Shape.Length, (int)timestep);
        sample.CopyTo(run.Sample);
        run.Predict(timestep);
        Assert.Equal(RowPredictor.Expected(plan, sample, timestep), run.Prediction.ToArray());
    }

    public static Task OnThread(Action action) => Task.Factory.StartNew(action, default, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Waits until so many predictions are in the queue.</summary>
    public static void WaitForQueue(BatchingNoisePredictor batching, int count) =>
        Assert.True(SpinWait.SpinUntil(() => batching.Statistics.Waiting == count, Patience), $"{batching.Statistics} never had {count} waiting.");
}
