using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;
using FsCheck;
using FsCheck.Fluent;

namespace DiffusionSharp.Tests.Schedulers.Ddim;

/// <summary>The fused steps are those of the paper, whatever the options.</summary>
public class DdimStepTests
{
    private static readonly Gen<(StepCase Case, DdimOptions Options)> Cases =
        from c in StepCases.All
        from eta in Gen.Elements(0, 0.25, 0.7, 1)
        from toOne in Gen.Elements(true, false)
        from clippedOutput in Gen.Elements(true, false)
        select (c, c.Ddim with { Eta = eta, SetAlphaToOne = toOne, UseClippedModelOutput = clippedOutput });

    [Fact]
    public void A_step_is_equation_12_with_the_sigma_of_equation_16() => Property.Holds(
        Cases,
        given =>
        {
            (StepCase c, DdimOptions options) = given;
            ISchedulerRun run = new DdimScheduler(options).Start(c.Plan);
            int index = c.IndexIn(run);
            var actual = new float[c.Shape.Length];

            run.Step(index, c.Prediction(), c.Sample, actual, ScriptedNoise.Always(c.Noise));

            double next = AlphaBarAfter(run, index, c, options);
            AssertApproximate.Equal(DdimReference.Step(c, options, (int)run.Timesteps[index], next), actual);
        },
        count: 1000);

    [Fact]
    public void A_predicted_variance_is_left_alone() => Property.Holds(Cases, given =>
    {
        (StepCase c, DdimOptions options) = given;
        ISchedulerRun run = new DdimScheduler(options).Start(c.Plan);
        int index = c.IndexIn(run);
        var with = new float[c.Shape.Length];
        var without = new float[c.Shape.Length];

        run.Step(index, c.PredictionWithVariance(c.Noise), c.Sample, with, ScriptedNoise.Always(c.Noise));
        run.Step(index, c.Prediction(), c.Sample, without, ScriptedNoise.Always(c.Noise));

        Assert.Equal(without, with);
    });

    // Spaced timesteps go down by N div n whatever the spacing, as diffusers does; timesteps of one's own go to the next of them.
    private static double AlphaBarAfter(ISchedulerRun run, int index, StepCase c, DdimOptions options)
    {
        ReadOnlySpan<float> alphaBar = options.Schedule.AlphaBar;
        int next = c.CustomTimesteps is null
            ? (int)run.Timesteps[index] - (options.Schedule.TrainingTimesteps / run.Timesteps.Count)
            : index + 1 < run.Timesteps.Count ? (int)run.Timesteps[index + 1] : -1;
        return next >= 0 ? alphaBar[next] : options.SetAlphaToOne ? 1 : alphaBar[0];
    }
}
