using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.Wuerstchen;

public class WuerstchenTests
{
    private const int Steps = 5;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(0.5)]
    public void A_step_is_that_of_DDPM_in_continuous_time(double scaler) => LongRun.Follows(new WuerstchenScheduler(new WuerstchenOptions { Scaler = scaler }), Steps, _ => (i, x, p, z) =>
    {
        (double alphaBar, double next) = (AlphaBar(i, scaler), AlphaBar(i + 1, scaler));
        double alpha = alphaBar / next;
        double added = i == Steps - 1 ? 0 : Math.Sqrt((1 - alpha) * (1 - next) / (1 - alphaBar));
        return LongRun.Each(x, k => ((x[k] - ((1 - alpha) / Math.Sqrt(1 - alphaBar) * p[k])) / Math.Sqrt(alpha)) + (added * z[k]));
    });

    [Fact]
    public void The_model_is_asked_at_times_from_1_on_at_the_level_of_a_squared_cosine()
    {
        ISchedulerRun run = new WuerstchenScheduler().Start(new SamplingPlan(4, LongRun.Shape));
        Assert.Equal([1, 0.75, 0.5, 0.25], run.Timesteps);
        Assert.Equal(0.01, run.LevelAt(0).Alpha, 1e-7);
        Assert.Equal(Math.Cos(0.508 / 1.008 * Math.PI / 2) / Math.Cos(0.008 / 1.008 * Math.PI / 2), run.LevelAt(2).Alpha, 1e-6);
    }

    [Fact]
    public void Bad_options_and_plans_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new WuerstchenOptions { Scaler = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new WuerstchenOptions { Offset = -1 });
        Assert.Throws<ArgumentException>(() => new WuerstchenScheduler().Start(new SamplingPlan(2, LongRun.Shape) { Timesteps = [5, 1] }));
        Assert.Throws<ArgumentException>(() => new WuerstchenScheduler().Start(new SamplingPlan(2, LongRun.Shape) { Sigmas = [5, 1] }));
    }

    [Fact]
    public void Steps_allocate_nothing() => StepAllocations.AreNone(new WuerstchenScheduler());

    private static double AlphaBar(int step, double scaler)
    {
        double t = (Steps - step) / (double)Steps;
        t = scaler > 1 ? 1 - Math.Pow(1 - t, scaler) : Math.Pow(t, scaler);
        double ratio = Math.Cos((t + 0.008) / 1.008 * Math.PI / 2) / Math.Cos(0.008 / 1.008 * Math.PI / 2);
        return Math.Clamp(ratio * ratio, 0.0001, 0.9999);
    }
}
