using DiffusionSharp.Guidance;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.DpmSolverInverse;

public class DpmSolverInverseTests
{
    private static readonly NoiseSchedule Mild = NoiseSchedule.Linear(1000, 0.0001, 0.002);

    [Fact]
    public void A_step_is_algorithm_2_towards_noise()
    {
        LongRun.Follows(new DpmSolverInverseScheduler(new DpmSolverInverseOptions { Schedule = Mild }), 20, run =>
        {
            var book = new LogSnrTextbook(run);
            double[]? before = null;
            return (i, x, p, _) =>
            {
                double[] original = LongRun.Each(x, k => book.Original(i, x[k], p[k]));
                double h = book.Lambda(i + 1) - book.Lambda(i);
                Assert.True(h < 0);
                double half = before is null ? 0 : 0.5 * h / (book.Lambda(i) - book.Lambda(i - 1));
                double[] d = LongRun.Each(x, k => ((1 + half) * original[k]) - (half * (before?[k] ?? 0)));
                before = original;
                return LongRun.Each(x, k => (book.Sigma(i + 1) / book.Sigma(i) * x[k]) + (book.Alpha(i + 1) * (1 - Math.Exp(-h)) * d[k]));
            };
        });
    }

    [Theory]
    [InlineData(1, DpmSolverAlgorithm.DpmPlusPlus, DpmSolverType.Midpoint)]
    [InlineData(2, DpmSolverAlgorithm.Dpm, DpmSolverType.Heun)]
    [InlineData(3, DpmSolverAlgorithm.DpmPlusPlus, DpmSolverType.Midpoint)]
    public void A_model_that_always_finds_the_same_original_is_followed_straight(int order, DpmSolverAlgorithm algorithm, DpmSolverType type)
    {
        // From timestep 100 on, as the first ones magnify a rounding of their sample a hundred times.
        var options = new DpmSolverInverseOptions { Schedule = Mild, TimestepSpacing = TimestepSpacing.Leading, StepsOffset = 100 };
        LogSnrTextbook.GoesStraight(new DpmSolverInverseScheduler(options with { SolverOrder = order, Algorithm = algorithm, SolverType = type, PredictionType = PredictionType.Sample }), 20);
    }

    [Fact]
    public void DPM_Solver_takes_back_what_inversion_does_with_the_same_noise()
    {
        var trained = new DpmSolverOptions { Schedule = Mild, FinalSigma = FinalSigma.SigmaMin };
        ISchedulerRun up = new DpmSolverInverseScheduler(trained.For<DpmSolverInverseOptions>()).Start(new SamplingPlan(10, LongRun.Shape));
        ISchedulerRun down = new DpmSolverScheduler(trained).Start(new SamplingPlan(10, LongRun.Shape));
        float[] x = [.. Enumerable.Repeat(0.75f, LongRun.Shape.Length)];
        float[] epsilon = [.. Enumerable.Repeat(1.25f, LongRun.Shape.Length)];
        foreach (ISchedulerRun run in (ISchedulerRun[])[up, down])
        {
            for (int i = 0; i < 10; i++)
            {
                run.Step(i, new GuidedPrediction(epsilon), x, x, ScriptedNoise.Always(epsilon));
            }

            // Twenty steps of a few roundings each; a third of the signal is left halfway.
            Assert.Equal(run == down, Math.Abs(x[0] - 0.75) < 1e-5);
        }
    }

    [Theory]
    [InlineData(TimestepSpacing.Linspace, new double[] { 0, 250, 500, 749 })]
    [InlineData(TimestepSpacing.Leading, new double[] { 0, 200, 400, 600 })]
    [InlineData(TimestepSpacing.Trailing, new double[] { 249, 499, 749, 999 })]
    public void Timesteps_rise(TimestepSpacing spacing, double[] expected) =>
        Assert.Equal(expected, new DpmSolverInverseScheduler(new DpmSolverInverseOptions { TimestepSpacing = spacing }).Start(new SamplingPlan(4, LongRun.Shape)).Timesteps);

    [Fact]
    public void What_cannot_be_inverted_is_refused_by_name()
    {
        Assert.Equal("Algorithm", Assert.Throws<ArgumentException>(() => new DpmSolverInverseScheduler(new DpmSolverInverseOptions { Algorithm = DpmSolverAlgorithm.SdeDpmPlusPlus })).ParamName);
        Assert.Equal("SigmaSpacing", Assert.Throws<ArgumentException>(() => new DpmSolverInverseScheduler(new DpmSolverInverseOptions { SigmaSpacing = SigmaSpacing.Lu })).ParamName);
        var scheduler = new DpmSolverInverseScheduler(new DpmSolverInverseOptions { TimestepSpacing = TimestepSpacing.Leading, StepsOffset = 500 });
        Assert.Contains("offset of 500", Assert.Throws<ArgumentOutOfRangeException>(() => scheduler.Start(new SamplingPlan(4, LongRun.Shape))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new DpmSolverInverseScheduler().Start(new SamplingPlan(2, LongRun.Shape) { Timesteps = [5, 1] }));
        Assert.Contains("DPMSolverMultistepInverseScheduler", string.Join(' ', SchedulerConfig.KnownClasses), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_name_is_DPM_Solver_inverse() => Assert.Equal("DPM-Solver inverse", new DpmSolverInverseScheduler().ToString());

    [Fact]
    public void Steps_allocate_nothing() => StepAllocations.AreNone(new DpmSolverInverseScheduler(new DpmSolverInverseOptions { SolverOrder = 3 }));
}
