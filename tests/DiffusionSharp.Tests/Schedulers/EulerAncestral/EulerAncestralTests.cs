using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.EulerAncestral;

public class EulerAncestralTests
{
    [Theory]
    [MemberData(nameof(SigmaTextbook.Kinds), MemberType = typeof(SigmaTextbook))]
    public void Every_step_goes_down_along_the_slope_and_up_by_noise(PredictionType type, double range) =>
        LongRun.Follows(new EulerAncestralScheduler(new EulerAncestralOptions { Schedule = NoiseSchedule.ScaledLinear(), PredictionType = type, Clipping = SigmaTextbook.Clipping(range) }), 20, run =>
        {
            var book = new SigmaTextbook(run, type, range);
            return (i, x, p, z) =>
            {
                double sigma = book.Sigmas[i];
                (double down, double up) = SigmaTextbook.Ancestral(sigma, book.Sigmas[i + 1]);
                double[] d = book.Slope(i, x, p);
                return LongRun.Each(x, k => x[k] + ((down - sigma) * d[k]) + (up * z[k]));
            };
        });

    [Fact]
    public void Noise_is_drawn_in_every_step_and_the_last_one_ends_without_it()
    {
        var noise = ScriptedNoise.Constant(1e6f, LongRun.Shape.Length);
        ISchedulerRun run = new EulerAncestralScheduler().Start(new SamplingPlan(3, LongRun.Shape));
        var sample = new float[LongRun.Shape.Length];
        var zeros = new float[LongRun.Shape.Length];

        run.Step(0, new(zeros), sample, sample, noise);
        run.Step(1, new(zeros), sample, sample, noise);
        Assert.True(sample[0] > 1);
        sample = new float[LongRun.Shape.Length];
        run.Step(2, new(zeros), sample, sample, noise);

        Assert.Equal(3, noise.Draws);
        Assert.All(sample, x => Assert.Equal(0, x));
    }

    [Fact]
    public void Where_float32_leaves_nothing_of_the_way_down_the_step_is_still_a_number()
    {
        // Cosine betas end at σ near 20000, so σ'²·(σ² - σ'²)/σ² rounds to more than σ'².
        ISchedulerRun run = new EulerAncestralScheduler(new EulerAncestralOptions { Schedule = NoiseSchedule.SquaredCosine() }).Start(new SamplingPlan(1000, LongRun.Shape));
        var sample = new float[LongRun.Shape.Length];
        for (int i = 0; i < run.Timesteps.Count; i++)
        {
            run.Step(i, new(new float[LongRun.Shape.Length]), sample, sample, ScriptedNoise.Constant(1, LongRun.Shape.Length));
            Assert.All(sample, x => Assert.True(float.IsFinite(x)));
        }
    }
}
