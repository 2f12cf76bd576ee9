using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;
using FsCheck;
using FsCheck.Fluent;

namespace DiffusionSharp.Tests.Schedulers.Ddpm;

/// <summary>The fused steps are those of the papers, whatever the options.</summary>
public class DdpmStepTests
{
    [Theory]
    [InlineData(VarianceType.FixedSmall)]
    [InlineData(VarianceType.FixedSmallLog)]
    [InlineData(VarianceType.FixedLarge)]
    [InlineData(VarianceType.FixedLargeLog)]
    public void A_step_draws_from_the_posterior_of_equation_7(VarianceType type) => Property.Holds(StepCases.All, c =>
    {
        ISchedulerRun run = new DdpmScheduler(c.Ddpm with { VarianceType = type }).Start(c.Plan);
        int index = c.IndexIn(run);
        var actual = new float[c.Shape.Length];

        run.Step(index, c.Prediction(), c.Sample, actual, ScriptedNoise.Always(c.Noise));

        AssertApproximate.Equal(DdpmReference.Step(c, type, (int)run.Timesteps[index], Next(run, index), []), actual);
    });

    [Fact]
    public void A_learned_variance_is_the_second_half_of_the_conditional_channels() => Property.Holds(StepCases.All, c =>
    {
        float[] variance = [.. c.Uniform.Select(u => (float)(0.001 + u))];
        CheckLearned(c, VarianceType.Learned, variance);
    });

    [Fact]
    public void A_learned_range_interpolates_between_the_log_variances() => Property.Holds(StepCases.All, c =>
    {
        float[] variance = [.. c.Uniform.Select(u => (float)((2 * u) - 1))];
        CheckLearned(c, VarianceType.LearnedRange, variance);
    });

    [Fact]
    public void Without_clipping_a_noise_prediction_gives_line_4_of_algorithm_2()
    {
        Gen<StepCase> epsilon = StepCases.All.Where(c => c.PredictionType == PredictionType.Epsilon);
        Property.Holds(epsilon, c =>
        {
            StepCase unclipped = c with { Thresholding = new Thresholding.None() };
            ISchedulerRun run = new DdpmScheduler(unclipped.Ddpm).Start(c.Plan);
            int index = c.IndexIn(run);
            var actual = new float[c.Shape.Length];

            run.Step(index, c.Prediction(), c.Sample, actual, ScriptedNoise.Constant(0, c.Shape.Length));

            // The library goes by x_0 and eq. 7 also here, so eq. 7 says how far rounding carries.
            int timestep = (int)run.Timesteps[index];
            int? next = Next(run, index);
            Approximate[] posterior = DdpmReference.Step(unclipped, VarianceType.FixedSmall, timestep, next, []);
            Approximate[] predicted = OriginalReference.Guided(c);
            AssertApproximate.Equal([.. c.Sample.Select((x, i) => posterior[i] with { Value = DdpmReference.Algorithm2Mean(c.AlphaBar(timestep), c.AlphaBar(next), x, predicted[i]) })], actual);
        });
    }

    [Fact]
    public void A_variance_that_is_not_asked_for_is_left_alone() => Property.Holds(StepCases.All, c =>
    {
        ISchedulerRun run = new DdpmScheduler(c.Ddpm).Start(c.Plan);
        int index = c.IndexIn(run);
        var with = new float[c.Shape.Length];
        var without = new float[c.Shape.Length];

        run.Step(index, c.PredictionWithVariance(c.Noise), c.Sample, with, ScriptedNoise.Always(c.Noise));
        run.Step(index, c.Prediction(), c.Sample, without, ScriptedNoise.Always(c.Noise));

        Assert.Equal(without, with);
    });

    [Fact]
    public void A_learned_variance_needs_a_model_that_predicts_it()
    {
        var shape = new SampleShape(1, 3, 2, 2);
        ISchedulerRun run = new DdpmScheduler(new DdpmOptions { VarianceType = VarianceType.LearnedRange }).Start(new SamplingPlan(10, shape));
        var e = Assert.Throws<ArgumentException>(() => run.Step(0, new(new float[12]), new float[12], new float[12], ScriptedNoise.Constant(0, 12)));
        Assert.Contains("twice the sample's channels", e.Message, StringComparison.Ordinal);
    }

    private static void CheckLearned(StepCase c, VarianceType type, float[] variance)
    {
        ISchedulerRun run = new DdpmScheduler(c.Ddpm with { VarianceType = type }).Start(c.Plan);
        int index = c.IndexIn(run);
        var actual = new float[c.Shape.Length];

        run.Step(index, c.PredictionWithVariance(variance), c.Sample, actual, ScriptedNoise.Always(c.Noise));

        AssertApproximate.Equal(DdpmReference.Step(c, type, (int)run.Timesteps[index], Next(run, index), variance), actual);
    }

    private static int? Next(ISchedulerRun run, int index) => index + 1 < run.Timesteps.Count ? (int)run.Timesteps[index + 1] : null;
}
