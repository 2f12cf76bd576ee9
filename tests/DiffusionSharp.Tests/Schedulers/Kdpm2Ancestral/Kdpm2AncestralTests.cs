using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.Kdpm2Ancestral;

public class Kdpm2AncestralTests
{
    [Theory]
    [MemberData(nameof(SigmaTextbook.Kinds), MemberType = typeof(SigmaTextbook))]
    public void A_step_takes_the_slope_at_its_midpoint_and_goes_up_by_noise(PredictionType type, double range) =>
        LongRun.Follows(new Kdpm2AncestralScheduler(new Kdpm2AncestralOptions { Schedule = NoiseSchedule.ScaledLinear(), PredictionType = type, Clipping = SigmaTextbook.Clipping(range) }), 12, run =>
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

                (double down, double up) = SigmaTextbook.Ancestral(book.Sigmas[i - 1], book.Sigmas[i + 1]);
                return LongRun.Each(x, k => start[k] + ((down - book.Sigmas[i - 1]) * d[k]) + (up * z[k]));
            };
        });

    [Fact]
    public void The_second_half_of_a_step_alone_is_refused()
    {
        ISchedulerRun run = new Kdpm2AncestralScheduler().Start(new SamplingPlan(4, LongRun.Shape));
        var sample = new float[LongRun.Shape.Length];

        Assert.Equal([0, 0, 1, 1, 2, 2, 3], Enumerable.Range(0, run.CallCount).Select(run.StepOf));
        Assert.Equal([0, 2, 4, 6, 7], Enumerable.Range(0, 5).Select(run.FirstCallOf));
        Assert.Equal(7, run.Timesteps.Count);
        var error = Assert.Throws<InvalidOperationException>(() => run.Step(3, new(sample), sample, sample, ScriptedNoise.Always(sample)));
        Assert.Contains("even call", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Noise_is_drawn_in_second_halves_only()
    {
        var noise = ScriptedNoise.Constant(1, LongRun.Shape.Length);
        ISchedulerRun run = new Kdpm2AncestralScheduler().Start(new SamplingPlan(4, LongRun.Shape));
        var sample = new float[LongRun.Shape.Length];
        for (int i = 0; i < run.Timesteps.Count; i++)
        {
            run.Step(i, new(new float[LongRun.Shape.Length]), sample, sample, noise);
            Assert.Equal((i + 1) / 2, noise.Draws);
        }
    }
}
