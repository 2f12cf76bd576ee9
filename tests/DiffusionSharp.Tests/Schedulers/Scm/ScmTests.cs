using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.Scm;

public class ScmTests
{
    [Fact]
    public void A_step_goes_to_x_0_and_noises_it_to_the_next_time() => LongRun.Follows(new ScmScheduler(), 6, _ => (i, x, p, z) =>
    {
        (double t, double next) = (1.5708 * (6 - i) / 6, 1.5708 * (5 - i) / 6);
        return LongRun.Each(x, k => (Math.Cos(next) * ((Math.Cos(t) * x[k]) - (Math.Sin(t) * p[k]))) + (Math.Sin(next) * 0.5 * z[k]));
    });

    [Fact]
    public void Two_steps_have_a_time_of_their_own_between_them()
    {
        Assert.Equal([1.5708f, 1.3f], Times(new ScmOptions(), 2));
        Assert.Equal([1.5708f, 0.7854f], Times(new ScmOptions { IntermediateTime = null }, 2));
        Assert.Equal([1.5f, 1f, 0.5f], Times(new ScmOptions { MaximumTime = 1.5 }, 3).Select(t => MathF.Round(t, 6)));
    }

    [Fact]
    public void Noise_levels_of_ones_own_are_angles_of_their_ratio_to_the_data()
    {
        ISchedulerRun run = new ScmScheduler().Start(new SamplingPlan(2, LongRun.Shape) { Sigmas = [80, 0.5] });
        Assert.Equal([(float)Math.Atan(160), (float)(Math.PI / 4)], run.Timesteps.Select(t => (float)t));
    }

    [Fact]
    public void Bad_options_and_plans_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScmOptions { SigmaData = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScmOptions { MaximumTime = -1 });
        Assert.Throws<ArgumentException>(() => new ScmScheduler().Start(new SamplingPlan(2, LongRun.Shape) { Timesteps = [5, 1] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScmScheduler().Start(new SamplingPlan(0, LongRun.Shape)));
        Assert.Contains("trigflow", Assert.Throws<ModelFormatException>(() => SchedulerConfig.Create("""{"_class_name": "SCMScheduler", "prediction_type": "epsilon"}""")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_allocate_nothing() => StepAllocations.AreNone(new ScmScheduler());

    private static IEnumerable<float> Times(ScmOptions options, int steps) => new ScmScheduler(options).Start(new SamplingPlan(steps, LongRun.Shape)).Timesteps.Select(t => (float)t);
}
