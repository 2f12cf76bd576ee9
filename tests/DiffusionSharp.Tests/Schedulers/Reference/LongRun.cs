using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers.Reference;

/// <summary>One step of a textbook: from x, the prediction and the noise at a step to the next x, all in double.</summary>
internal delegate double[] TextbookStep(int index, double[] sample, double[] prediction, double[] noise);

/// <summary>Whole generations with random predictions, beside a textbook in double.</summary>
internal static class LongRun
{
    /// <summary>Three images of a length that no vector width divides.</summary>
    public static readonly SampleShape Shape = new(3, 2, 5, 7);

    // Some ten roundings per step and 2·20 steps, of numbers up to the largest of the generation: 400·2^-24, rounded down.
    private const double Tolerance = 2e-5;

    /// <summary>Steps through the whole run, guided and not, and compares after every step.</summary>
    public static void Follows(IScheduler scheduler, int steps, Func<ISchedulerRun, TextbookStep> textbook)
    {
        foreach (float? guidance in (float?[])[null, 3.5f])
        {
            ISchedulerRun run = scheduler.Start(new SamplingPlan(steps, Shape));
            Follows(run, textbook(run), guidance);
        }
    }

    /// <summary>A textbook step for each value alone.</summary>
    public static double[] Each(double[] sample, Func<int, double> next) => [.. Enumerable.Range(0, sample.Length).Select(next)];

    private static void Follows(ISchedulerRun run, TextbookStep textbook, float? guidance)
    {
        var random = new Random(5);
        float[] sample = Normal(random, run.InitialNoiseScale);
        double[] exact = Array.ConvertAll(sample, x => (double)x);
        var input = new float[sample.Length];
        double largest = 1;
        for (int i = 0; i < run.Timesteps.Count; i++)
        {
            (float[] conditional, float[] unconditional, float[] noise) = (Normal(random, 1), Normal(random, 1), Normal(random, 1));
            double[] prediction = [.. conditional.Select((c, k) => guidance is { } w ? unconditional[k] + (w * ((double)c - unconditional[k])) : c)];
            exact = textbook(i, exact, prediction, Array.ConvertAll(noise, z => (double)z));
            GuidedPrediction guided = guidance is { } scale ? Guided.By(scale, conditional, unconditional) : new(conditional);
            var source = ScriptedNoise.Always(noise);
            run.PrepareInput(i, sample, input, source);
            run.Step(i, guided, sample, sample, source);

            largest = Math.Max(largest, exact.Max(Math.Abs));
            for (int k = 0; k < exact.Length; k++)
            {
                Assert.True(Math.Abs(exact[k] - sample[k]) <= Tolerance * largest, $"step {i}, value {k}: expected {exact[k]}, found {sample[k]}, largest {largest}");
            }
        }
    }

    private static float[] Normal(Random random, double scale)
    {
        var values = new float[Shape.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(scale * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return values;
    }
}
