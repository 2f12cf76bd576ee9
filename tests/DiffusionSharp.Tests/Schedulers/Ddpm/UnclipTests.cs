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
        ISchedulerRun run = new DdpmScheduler(options).Start(new SamplingPlan(4, new SampleShape(1, 1, 1, 1)));
        Assert.Equal([999, 666, 333, 0], run.Timesteps);
    }

    [Theory]
    [InlineData("beta_schedule", "linear", "squaredcos_cap_v2")]
    [InlineData("variance_type", "fixed_small", "fixed_small_log")]
    public void What_UnCLIP_does_not_have_is_refused(string key, string value, string known) => Assert.Contains(
        known,
        Assert.Throws<ModelFormatException>(() => SchedulerConfig.Create($$"""{"_class_name": "UnCLIPScheduler", "{{key}}": "{{value}}"}""")).Message,
        StringComparison.Ordinal);
}
