using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers;

/// <summary>
/// When a scheduler draws noise. A draw too many or too few, even of weight 0, would shift everything that comes after it in the stream.
/// </summary>
public class NoiseDrawTests
{
    [Theory]
    [InlineData(TimestepSpacing.Leading, 10, 0, 9)]
    [InlineData(TimestepSpacing.Leading, 10, 1, 10)]
    [InlineData(TimestepSpacing.Trailing, 10, 0, 10)]
    [InlineData(TimestepSpacing.Linspace, 10, 0, 9)]
    public void DDPM_draws_in_every_step_but_that_at_timestep_0(TimestepSpacing spacing, int steps, int offset, int draws)
    {
        var scheduler = new DdpmScheduler(new DdpmOptions { TimestepSpacing = spacing, StepsOffset = offset });
        Assert.Equal(draws, Draws(scheduler, steps));
    }

    [Fact]
    public void DDIM_without_eta_never_draws() => Assert.Equal(0, Draws(new DdimScheduler(), 10));

    [Fact]
    public void DDIM_with_eta_draws_in_every_step() => Assert.Equal(10, Draws(new DdimScheduler(new DdimOptions { Eta = 0.1 }), 10));

    [Theory]
    [InlineData(VarianceType.Learned)]
    [InlineData(VarianceType.LearnedRange)]
    public void A_learned_variance_is_drawn_with_as_often(VarianceType type) =>
        Assert.Equal(9, Draws(new DdpmScheduler(new DdpmOptions { VarianceType = type }), 10, channels: 2));

    private static int Draws(IScheduler scheduler, int steps, int channels = 1)
    {
        ISchedulerRun run = scheduler.Start(new SamplingPlan(steps, new SampleShape(2, 1, 2, 2)));
        ScriptedNoise noise = ScriptedNoise.Constant(0.5f, 8);
        var sample = new float[8];
        for (int i = 0; i < steps; i++)
        {
            run.Step(i, new GuidedPrediction(new float[8 * channels]), sample, sample, noise);
        }

        return noise.Draws;
    }
}
