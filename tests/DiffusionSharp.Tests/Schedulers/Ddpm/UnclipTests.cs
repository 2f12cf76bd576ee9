using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers.Ddpm;

/// <summary>UnCLIP's scheduler is DDPM over evenly spaced timesteps of a cosine schedule.</summary>
public class UnclipTests
{
    [Fact]
    public void A_configuration_of_UnCLIP_makes_DDPM()
    {
        DdpmOptions options = ((DdpmScheduler)SchedulerConfig.Create("""{"_class_name": "UnCLIPScheduler", "variance_type": "learned_range", "clip_sample_range": 5}""")).Options;
        Assert.Equal(NoiseSchedule.SquaredCosine().Betas, options.Schedule.Betas);
        Assert.Equal(VarianceType.LearnedRange, options.VarianceType);
        Assert.Equal(SampleClipping.Clamp(5), options.Clipping);
        Assert.True(options.UsesScheduledBetas);
        ISchedulerRun run = new DdpmScheduler(options).Start(new SamplingPlan(4, new SampleShape(1, 1, 1, 1)));
        Assert.Equal([999, 666, 333, 0], run.Timesteps);
    }

    // With 1 - ᾱ_t/ᾱ_{t-1} in its place the first would be 1, as in DDPM.
    [Theory]
    [InlineData(25, 24, 0.99947)]
    [InlineData(1000, 999, 0.99947)]
    public void The_last_step_takes_beta_from_the_schedule(int steps, int index, double expected)
    {
        ISchedulerRun run = Start("fixed_small_log", steps);
        var sample = new float[1];
        run.Step(index, new([1]), sample, sample, ScriptedNoise.Constant(0, 1));
        Assert.Equal(expected, sample[0], 1e-5);
    }

    // The peer's own test of the variance (tests/schedulers/test_scheduler_unclip.py), predicted as 0.5.
    [Theory]
    [InlineData(1, -10.1712790)]
    [InlineData(487, -5.7998052)]
    [InlineData(999, -0.0010011)]
    public void The_learned_variance_is_that_of_diffusers(int timestep, double logVariance)
    {
        ISchedulerRun run = Start("learned_range", 1000);
        var sample = new float[1];
        run.Step(999 - timestep, new([0, 0.5f]), sample, sample, ScriptedNoise.Constant(1, 1));
        Assert.Equal(logVariance, 2 * Math.Log(sample[0]), 1e-5);
    }

    [Theory]
    [InlineData("beta_schedule", "linear", "squaredcos_cap_v2")]
    [InlineData("variance_type", "fixed_small", "fixed_small_log")]
    public void What_UnCLIP_does_not_have_is_refused(string key, string value, string known) => Assert.Contains(
        known,
        Assert.Throws<ModelFormatException>(() => SchedulerConfig.Create($$"""{"_class_name": "UnCLIPScheduler", "{{key}}": "{{value}}"}""")).Message,
        StringComparison.Ordinal);

    private static ISchedulerRun Start(string varianceType, int steps) => SchedulerConfig
        .Create($$"""{"_class_name": "UnCLIPScheduler", "variance_type": "{{varianceType}}", "prediction_type": "sample"}""")
        .Start(new SamplingPlan(steps, new SampleShape(1, 1, 1, 1)));
}
