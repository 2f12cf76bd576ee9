using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.DdimInverse;

public class DdimInverseTests
{
    private static readonly SampleShape Pair = new(1, 1, 1, 2);

    [Fact]
    public void A_step_is_equation_12_with_the_levels_exchanged() => Property.Holds(StepCases.All, c =>
    {
        DdimInverseOptions options = c.Ddim.For<DdimInverseOptions>() with { SetAlphaToOne = false };
        ISchedulerRun run = new DdimInverseScheduler(options).Start(new SamplingPlan(c.Steps, c.Shape));
        int index = c.IndexIn(run);
        var actual = new float[c.Shape.Length];

        run.Step(index, c.Prediction(), c.Sample, actual, ScriptedNoise.Always(c.Noise));

        int t = (int)run.Timesteps[index];
        int from = Math.Max(0, t - (options.Schedule.TrainingTimesteps / run.Timesteps.Count));
        Approximate[] prediction = OriginalReference.Guided(c);
        Approximate[] original = OriginalReference.Clipped(c, from);
        AssertApproximate.Equal(
            [.. c.Sample.Select((x, i) =>
                (Approximate.Sqrt(c.AlphaBar(t)) * original[i])
                + (Approximate.Sqrt((Approximate)1 - c.AlphaBar(t)) * OriginalReference.Noise(c.PredictionType, c.AlphaBar(from), x, prediction[i])))],
            actual);
    });

    [Fact]
    public void DDIM_takes_back_what_inversion_does_with_the_same_noise()
    {
        var ddim = new DdimOptions { Clipping = SampleClipping.None };
        ISchedulerRun down = new DdimScheduler(ddim).Start(new SamplingPlan(10, Pair));
        ISchedulerRun up = new DdimInverseScheduler(ddim.For<DdimInverseOptions>()).Start(new SamplingPlan(10, Pair));
        float[] original = [0.75f, -0.5f];
        float[] epsilon = [1.25f, -0.25f];
        float[] x = [.. original];
        for (int i = 0; i < 10; i++)
        {
            up.Step(i, new GuidedPrediction(epsilon), x, x, ScriptedNoise.Constant(0, 2));
        }

        Assert.NotEqual(original[0], x[0], 0.1f);
        for (int i = 0; i < 10; i++)
        {
            down.Step(i, new GuidedPrediction(epsilon), x, x, ScriptedNoise.Constant(0, 2));
        }

        // Twenty steps, the last of which divide by sqrt(ᾱ) of almost 0.
        Assert.All(original.Zip(x), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Timesteps_rise_and_the_first_sample_is_clean()
    {
        ISchedulerRun run = new DdimInverseScheduler().Start(new SamplingPlan(4, Pair));
        Assert.Equal([0, 250, 500, 750], run.Timesteps);
        var noised = new float[2];
        run.AddNoise(0, [0.5f, -0.5f], [3, 4], noised);
        Assert.Equal([0.5f, -0.5f], noised);
    }

    [Fact]
    public void What_cannot_be_inverted_is_refused_with_what_to_change()
    {
        ISchedulerRun run = new DdimInverseScheduler(new DdimInverseOptions { PredictionType = PredictionType.Sample }).Start(new SamplingPlan(4, Pair));
        Assert.Contains("SetAlphaToOne", Assert.Throws<InvalidOperationException>(() => run.PrepareInput(0, new float[2], new float[2])).Message, StringComparison.Ordinal);
        run.PrepareInput(1, new float[2], new float[2]);

        Assert.Throws<ArgumentException>(() => new DdimInverseScheduler().Start(new SamplingPlan(2, Pair) { Timesteps = [5, 1] }));
    }

    [Fact]
    public void Its_name_is_DDIM_inverse() => Assert.Equal("DDIM inverse", new DdimInverseScheduler().ToString());

    [Fact]
    public void Steps_allocate_nothing() => StepAllocations.AreNone(new DdimInverseScheduler());
}
