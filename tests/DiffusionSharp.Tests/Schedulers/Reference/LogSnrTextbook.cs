using DiffusionSharp.Guidance;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers.Reference;

/// <summary>α, σ, λ and x_0 of a run of variance-preserving noise levels, and generations whose exact course is known.</summary>
internal sealed class LogSnrTextbook(ISchedulerRun run)
{
    // A hundred roundings of float32.
    private const double Tolerance = 100 * Approximate.Roundoff;

    public int Count => run.Timesteps.Count;

    public double Alpha(int index) => 1 / Math.Sqrt(1 + (Ratio(index) * Ratio(index)));

    public double Sigma(int index) => Ratio(index) * Alpha(index);

    public double Lambda(int index) => -Math.Log(Ratio(index));

    /// <summary>x_0 that a noise prediction implies.</summary>
    public double Original(int index, double x, double noise) => (x - (Sigma(index) * noise)) / Alpha(index);

    /// <summary>A model that always finds the same x_0 is followed along the straight line to it, by every order.</summary>
    public static void GoesStraight(IScheduler scheduler, int steps)
    {
        ISchedulerRun run = scheduler.Start(new SamplingPlan(steps, LongRun.Shape));
        var random = new Random(3);
        float[] original = [.. Enumerable.Range(0, LongRun.Shape.Length).Select(_ => (float)((2 * random.NextDouble()) - 1))];
        float[] noise = [.. original.Select(_ => (float)((2 * random.NextDouble()) - 1))];
        var sample = new float[original.Length];
        var expected = new float[original.Length];
        run.AddNoise(0, original, noise, sample);
        for (int i = 0; i < run.Timesteps.Count; i++)
        {
            run.Step(i, new GuidedPrediction(original), sample, sample, ScriptedNoise.Always(noise));
            if (i + 1 < run.Timesteps.Count)
            {
                run.AddNoise(i + 1, original, noise, expected);
                AssertClose(expected, sample, i);
            }
        }

        if (((ISigmaRun)run).Sigmas[^1] == 0)
        {
            AssertClose(original, sample, run.Timesteps.Count);
        }
    }

    /// <summary>
    /// A prediction that is λ² (of x_0 or of ε) has the solution <c>x/σ = ∫e^λ·λ² dλ</c> or <c>x/α = -∫e^-λ·λ² dλ</c>; from a sample on it, a solver
    /// that is exact for quadratics lands on it.
    /// </summary>
    public static void IsExactForQuadratics(IScheduler scheduler, int steps, int from, bool ofNoise)
    {
        ISchedulerRun run = scheduler.Start(new SamplingPlan(steps, LongRun.Shape));
        var book = new LogSnrTextbook(run);
        double Exact(int i)
        {
            double l = book.Lambda(i);
            return ofNoise ? book.Alpha(i) * Math.Exp(-l) * ((l * l) + (2 * l) + 2) : book.Sigma(i) * Math.Exp(l) * ((l * l) - (2 * l) + 2);
        }

        for (int i = 0; i < book.Count - 1; i++)
        {
            float[] sample = [.. Enumerable.Repeat((float)Exact(i), LongRun.Shape.Length)];
            float[] prediction = [.. Enumerable.Repeat((float)(book.Lambda(i) * book.Lambda(i)), LongRun.Shape.Length)];
            run.Step(i, new GuidedPrediction(prediction), sample, sample, ScriptedNoise.Always(sample));
            if (i >= from)
            {
                Assert.Equal(Exact(i + 1), sample[17], Tolerance * Math.Max(1, Math.Abs(Exact(i))));
            }
        }
    }

    private double Ratio(int index) => ((ISigmaRun)run).Sigmas[index];

    private static void AssertClose(float[] expected, float[] actual, int step)
    {
        for (int k = 0; k < expected.Length; k++)
        {
            Assert.True(Math.Abs(expected[k] - actual[k]) <= Tolerance, $"step {step}, value {k}: expected {expected[k]}, found {actual[k]}");
        }
    }
}
