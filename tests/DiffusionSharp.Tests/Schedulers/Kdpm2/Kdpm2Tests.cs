using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.Kdpm2;

public class Kdpm2Tests
{
    [Theory]
    [MemberData(nameof(SigmaTextbook.Kinds), MemberType = typeof(SigmaTextbook))]
    public void A_step_takes_the_slope_at_its_midpoint(PredictionType type, double range) =>
        LongRun.Follows(new Kdpm2Scheduler(new Kdpm2Options { Schedule = NoiseSchedule.ScaledLinear(), PredictionType = type, Clipping = SigmaTextbook.Clipping(range) }), 12, run =>
        {
            var book = new SigmaTextbook(run, type, range);
            double[] start = [];
            return (i, x, p, z) =>
            {
                double[] d = book.Slope(i, x, p);
                if (i % 2 == 0)
                {
                    start = x;
                    return LongRun.Each(x, k => x[k] + ((book.Sigmas[i + 1] - book.Sigmas[i]) * d[k]));
                }

                Assert.Equal(Math.Sqrt(book.Sigmas[i - 1] * book.Sigmas[i + 1]), book.Sigmas[i], 1e-6 * book.Sigmas[i]);
                return LongRun.Each(x, k => start[k] + ((book.Sigmas[i + 1] - book.Sigmas[i - 1]) * d[k]));
            };
        });

    [Fact]
    public void The_second_half_of_a_step_alone_is_refused()
    {
        ISchedulerRun run = new Kdpm2Scheduler().Start(new SamplingPlan(4, LongRun.Shape));
        var sample = new float[LongRun.Shape.Length];

        Assert.Equal([0, 0, 1, 1, 2, 2, 3], Enumerable.Range(0, run.CallCount).Select(run.StepOf));
        Assert.Equal([0, 2, 4, 6, 7], Enumerable.Range(0, 5).Select(run.FirstCallOf));
        Assert.Equal(7, run.Timesteps.Count);
        var error = Assert.Throws<InvalidOperationException>(() => run.Step(3, new(sample), sample, sample, ScriptedNoise.Always(sample)));
        Assert.Contains("even call", error.Message, StringComparison.Ordinal);
    }
}
