using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.Heun;

public class HeunTests
{
    [Theory]
    [MemberData(nameof(SigmaTextbook.Kinds), MemberType = typeof(SigmaTextbook))]
    public void A_step_takes_the_mean_of_the_slopes_at_its_ends(PredictionType type, double range) =>
        LongRun.Follows(new HeunScheduler(new HeunOptions { Schedule = NoiseSchedule.ScaledLinear(), PredictionType = type, Clipping = SigmaTextbook.Clipping(range) }), 12, run =>
        {
            var book = new SigmaTextbook(run, type, range);
            double[] start = [];
            double[] first = [];
            return (i, x, p, z) =>
            {
                double[] d = book.Slope(i, x, p);
                if (i % 2 == 0)
                {
                    (start, first) = (x, d);
                    return LongRun.Each(x, k => x[k] + ((book.Sigmas[i + 1] - book.Sigmas[i]) * d[k]));
                }

                double half = (book.Sigmas[i] - book.Sigmas[i - 1]) / 2;
                return LongRun.Each(x, k => start[k] + (half * (first[k] + d[k])));
            };
        });

    [Fact]
    public void The_second_half_of_a_step_alone_is_refused()
    {
        ISchedulerRun run = new HeunScheduler().Start(new SamplingPlan(4, LongRun.Shape));
        var sample = new float[LongRun.Shape.Length];

        Assert.Equal([0, 0, 1, 1, 2, 2, 3], Enumerable.Range(0, run.CallCount).Select(run.StepOf));
        Assert.Equal([0, 2, 4, 6, 7], Enumerable.Range(0, 5).Select(run.FirstCallOf));
        Assert.Equal(7, run.Timesteps.Count);
        var error = Assert.Throws<InvalidOperationException>(() => run.Step(3, new(sample), sample, sample, ScriptedNoise.Always(sample)));
        Assert.Contains("even call", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Euler_steps_come_in_pairs_and_the_last_one_is_alone()
    {
        var run = (ISigmaRun)new HeunScheduler().Start(new SamplingPlan(3, LongRun.Shape));

        Assert.Equal([999, 499.5, 499.5, 0, 0], run.Timesteps);
        Assert.Equal(run.Sigmas[1], run.Sigmas[2]);
        Assert.Equal(0, run.Sigmas[^1]);
    }
}
