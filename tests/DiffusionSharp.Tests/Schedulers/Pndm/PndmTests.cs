using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.Pndm;

public class PndmTests
{
    [Theory]
    [InlineData(PredictionType.Epsilon, TimestepSpacing.Leading)]
    [InlineData(PredictionType.Epsilon, TimestepSpacing.Trailing)]
    [InlineData(PredictionType.Velocity, TimestepSpacing.Linspace)]
    public void Without_Runge_Kutta_the_first_step_is_corrected_and_the_order_rises_to_four(PredictionType type, TimestepSpacing spacing)
    {
        var options = new PndmOptions { PredictionType = type, TimestepSpacing = spacing, SkipPrkSteps = true };
        LongRun.Follows(new PndmScheduler(options), 12, run =>
        {
            var kept = new List<double[]>();
            double[] start = [];
            int stride = 1000 / 12;
            return (i, x, p, z) =>
            {
                int t = (int)run.Timesteps[i];
                if (i == 1)
                {
                    double[] mean = LongRun.Each(x, k => (p[k] + kept[0][k]) / 2);
                    return Transfer(options, start, mean, t + stride, t);
                }

                start = x;
                kept.Insert(0, p);
                return Transfer(options, x, Multistep(kept), t, t - stride);
            };
        });
    }

    [Theory]
    [InlineData(PredictionType.Epsilon)]
    [InlineData(PredictionType.Velocity)]
    public void The_first_three_steps_are_Runge_Kutta_s_unless_skipped(PredictionType type)
    {
        var options = new PndmOptions { PredictionType = type, SetAlphaToOne = true };
        LongRun.Follows(new PndmScheduler(options), 10, run =>
        {
            var kept = new List<double[]>();
            double[][] stages = new double[4][];
            double[] start = [];
            return (i, x, p, z) =>
            {
                int t = (int)run.Timesteps[i];
                if (i >= 12)
                {
                    kept.Insert(0, p);
                    return Transfer(options, x, Multistep(kept), t, t - 100);
                }

                if (i % 4 == 0)
                {
                    start = x;
                    kept.Insert(0, p);
                }

                stages[i % 4] = p;
                int from = (int)run.Timesteps[i / 4 * 4];
                double[] slope = i % 4 == 3 ? LongRun.Each(x, k => (stages[0][k] + (2 * stages[1][k]) + (2 * stages[2][k]) + stages[3][k]) / 6) : p;
                return Transfer(options, start, slope, from, i % 4 < 2 ? from - 50 : from - 100);
            };
        });
    }

    [Fact]
    public void Image_to_image_begins_with_the_formulas_of_lower_order()
    {
        ISchedulerRun run = new PndmScheduler(PndmOptions.StableDiffusion).Start(new SamplingPlan(10, LongRun.Shape));
        ISchedulerRun other = new PndmScheduler(PndmOptions.StableDiffusion).Start(new SamplingPlan(10, LongRun.Shape));
        float[] sample = [.. Enumerable.Range(0, LongRun.Shape.Length).Select(i => i / 100f)];
        var expected = new float[sample.Length];
        var actual = new float[sample.Length];
        other.PredictOriginal(4, new(sample), sample, actual);

        run.Step(4, new(sample), sample, actual, ScriptedNoise.Always(sample));

        double[] exact = Array.ConvertAll(sample, x => (double)x);
        int t = (int)run.Timesteps[4];
        expected = Array.ConvertAll(Transfer(PndmOptions.StableDiffusion, exact, exact, t, t - 100), x => (float)x);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    // Steps that are left out at the beginning take their four calls with them. In diffusers the calls are cut, so that a generation begins within a
    // Runge-Kutta step, at a noise level that its sample does not have; the picture is lost.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(9)]
    public void Image_to_image_with_Runge_Kutta_steps_begins_at_a_whole_step(int step)
    {
        // The model always says ε, so that every transfer is exact and x stays x_0 noised by it.
        float[] original = [.. Enumerable.Range(0, LongRun.Shape.Length).Select(i => i / 100f)];
        float[] noise = [.. Enumerable.Range(0, LongRun.Shape.Length).Select(i => (i % 7) - 3f)];
        ISchedulerRun run = new PndmScheduler(new PndmOptions { SetAlphaToOne = true }).Start(new SamplingPlan(10, LongRun.Shape));
        var sample = new float[original.Length];
        int first = run.FirstCallOf(step);
        Assert.Equal(900 - (100 * step), run.Timesteps[first]);
        run.AddNoise(first, original, noise, sample);

        for (int i = first; i < run.Timesteps.Count; i++)
        {
            run.Step(i, new(noise), sample, sample, ScriptedNoise.Always(noise));
        }

        Assert.All(original.Zip(sample), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        Assert.Equal(run.Timesteps.Count, run.FirstCallOf(10));
    }

    [Fact]
    public void A_generation_does_not_start_within_a_Runge_Kutta_step()
    {
        ISchedulerRun run = new PndmScheduler().Start(new SamplingPlan(10, LongRun.Shape));
        var sample = new float[LongRun.Shape.Length];
        Assert.Contains("4", Assert.Throws<InvalidOperationException>(() => run.Step(6, new(sample), sample, sample, ScriptedNoise.Always(sample))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_PNDM_cannot_do_is_refused_by_name()
    {
        Assert.Contains("Sample", Assert.Throws<ArgumentException>(() => new PndmScheduler(new PndmOptions { PredictionType = PredictionType.Sample })).Message, StringComparison.Ordinal);
        Assert.Contains("Clipping", Assert.Throws<ArgumentException>(() => new PndmScheduler(new PndmOptions { Clipping = SampleClipping.Clamp() })).Message, StringComparison.Ordinal);
        Assert.Contains("at least 4 steps", Assert.Throws<ArgumentException>(() => new PndmScheduler().Start(new SamplingPlan(3, LongRun.Shape))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new PndmScheduler().Start(new SamplingPlan(2, LongRun.Shape) { Timesteps = [5, 1] }));
    }

    // DDIM's step between any two noise levels, x_0 and ε from the prediction at the first; for ε algebraically the transfer of the paper.
    private static double[] Transfer(PndmOptions options, double[] x, double[] p, int from, int to)
    {
        double alphaBar = options.Schedule.AlphaBar[from];
        double next = to >= 0 ? options.Schedule.AlphaBar[to] : options.SetAlphaToOne ? 1 : options.Schedule.AlphaBar[0];
        (double a, double s) = (Math.Sqrt(alphaBar), Math.Sqrt(1 - alphaBar));
        bool isNoise = options.PredictionType == PredictionType.Epsilon;
        return LongRun.Each(x, k =>
        {
            double noise = isNoise ? p[k] : (a * p[k]) + (s * x[k]);
            return (Math.Sqrt(next) * (x[k] - (s * noise)) / a) + (Math.Sqrt(1 - next) * noise);
        });
    }

    private static double[] Multistep(List<double[]> kept) => LongRun.Each(kept[0], k => kept.Count switch
    {
        1 => kept[0][k],
        2 => ((3 * kept[0][k]) - kept[1][k]) / 2,
        3 => ((23 * kept[0][k]) - (16 * kept[1][k]) + (5 * kept[2][k])) / 12,
        _ => ((55 * kept[0][k]) - (59 * kept[1][k]) + (37 * kept[2][k]) - (9 * kept[3][k])) / 24,
    });
}
