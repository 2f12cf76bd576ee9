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
        LcmOptions options = LcmOptions.From(c.Ddim) with { OriginalInferenceSteps = c.Schedule.Schedule.TrainingTimesteps, TimestepScaling = 2 };
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
