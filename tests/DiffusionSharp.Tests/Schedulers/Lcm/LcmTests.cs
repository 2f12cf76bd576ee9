using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.Lcm;

public class LcmTests
{
    [Fact]
    public void A_step_is_the_consistency_function_noised_to_the_next_timestep() => Property.Holds(StepCases.All, c =>
    {
        LcmOptions options = c.Ddim.For<LcmOptions>() with { OriginalInferenceSteps = c.Schedule.Schedule.TrainingTimesteps, TimestepScaling = 2 };
        ISchedulerRun run = new LcmScheduler(options).Start(c.Plan);
        int index = c.IndexIn(run);
        var actual = new float[c.Shape.Length];

        run.Step(index, c.Prediction(), c.Sample, actual, ScriptedNoise.Always(c.Noise));

        int t = (int)run.Timesteps[index];
        double square = (4.0 * t * t) + 0.25;
        double next = c.AlphaBar(index + 1 < run.Timesteps.Count ? (int)run.Timesteps[index + 1] : null);
        Approximate[] original = OriginalReference.Clipped(c, t);
        AssertApproximate.Equal(
            [.. c.Sample.Select((x, i) =>
                (Approximate.Sqrt(next) * (((Approximate)(0.25 / square) * x) + ((Approximate)(2 * t / Math.Sqrt(square)) * original[i])))
                + (Approximate.Sqrt((Approximate)1 - next) * c.Noise[i]))],
            actual);
    });

    [Theory]
    [InlineData(4, 50, new[] { 999.0, 759, 499, 259 })]
    [InlineData(1, 50, new[] { 999.0 })]
    [InlineData(2, 3, new[] { 998.0, 665 })]
    public void Timesteps_are_among_those_of_the_distillation(int steps, int distilled, double[] expected) => Assert.Equal(
        expected,
        new LcmScheduler(new LcmOptions { OriginalInferenceSteps = distilled }).Start(new SamplingPlan(steps, new SampleShape(1, 1, 1, 1))).Timesteps);

    [Fact]
    public void The_last_step_draws_no_noise()
    {
        ISchedulerRun run = new LcmScheduler().Start(new SamplingPlan(4, new SampleShape(1, 1, 1, 1)));
        ScriptedNoise noise = ScriptedNoise.Constant(1, 1);
        for (int i = 0; i < 4; i++)
        {
            run.Step(i, new GuidedPrediction(new float[1]), new float[1], new float[1], noise);
        }

        Assert.Equal(3, noise.Draws);
    }

    // As diffusers lays them out, by LCMScheduler.set_timesteps(n, strength).
    [Theory]
    [InlineData(4, 1, new[] { 999.0, 759, 499, 259 })]
    [InlineData(4, 0.5, new[] { 499.0, 379, 259, 139 })]
    [InlineData(3, 0.3, new[] { 299.0, 199, 99 })]
    [InlineData(8, 0.77, new[] { 759.0, 679, 579, 479, 379, 299, 199, 99 })]
    [InlineData(1, 0.29, new[] { 279.0 })]
    [InlineData(2, 0.04, new[] { 39.0, 19 })]
    public void All_steps_lie_on_what_the_strength_leaves_of_the_way(int steps, double strength, double[] expected)
    {
        var scheduler = new LcmScheduler();
        Assert.True(scheduler.FollowsStrength);
        Assert.Equal(expected, scheduler.Start(new SamplingPlan(steps, new SampleShape(1, 1, 1, 1)) { Strength = strength }).Timesteps);
    }

    [Theory]
    [InlineData(0.5, new[] { 259.0, 19 })]
    [InlineData(0.29, new[] { 19.0 })]
    public void Of_timesteps_of_ones_own_the_strength_leaves_the_last(double strength, double[] expected) =>
        Assert.Equal(expected, new LcmScheduler().Start(new SamplingPlan(1, new SampleShape(1, 1, 1, 1)) { Strength = strength, Timesteps = [999, 759, 499, 259, 19] }).Timesteps);

    [Theory]
    [InlineData(4, 0.06, "0.06")]
    [InlineData(1, 0, "reach one")]
    [InlineData(1, 1.5, "[0, 1]")]
    [InlineData(1, double.NaN, "[0, 1]")]
    public void A_strength_that_reaches_too_few_timesteps_is_refused(int steps, double strength, string expected)
    {
        var plan = new SamplingPlan(steps, new SampleShape(1, 1, 1, 1)) { Strength = strength };
        Assert.Contains(expected, Assert.Throws<ArgumentOutOfRangeException>(() => new LcmScheduler().Start(plan)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_distillation_does_not_have_is_refused()
    {
        var shape = new SampleShape(1, 1, 1, 1);
        Assert.Contains("[1, 50]", Assert.Throws<ArgumentOutOfRangeException>(() => new LcmScheduler().Start(new SamplingPlan(51, shape))).Message, StringComparison.Ordinal);
        Assert.Contains("1000", Assert.Throws<ArgumentOutOfRangeException>(() => new LcmScheduler(new LcmOptions { OriginalInferenceSteps = 1001 }).Start(new SamplingPlan(4, shape))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LcmOptions { OriginalInferenceSteps = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LcmOptions { TimestepScaling = 0 });
    }

    [Fact]
    public void Its_name_is_LCM() => Assert.Equal("LCM", new LcmScheduler().ToString());

    [Fact]
    public void Steps_allocate_nothing() => StepAllocations.AreNone(new LcmScheduler());
}
