using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Schedulers.Reference;

namespace DiffusionSharp.Tests.Schedulers.EdmDpmSolver;

public class EdmDpmSolverTests
{
    [Fact]
    public void A_step_is_algorithm_2_with_the_preconditioning_of_EDM() => LongRun.Follows(new EdmDpmSolverScheduler(), 20, run =>
    {
        IReadOnlyList<double> sigmas = ((ISigmaRun)run).Sigmas;
        double[]? before = null;
        return (i, x, p, z) =>
        {
            double variance = (sigmas[i] * sigmas[i]) + 0.25;
            double[] original = LongRun.Each(x, k => (0.25 / variance * x[k]) + (sigmas[i] * 0.5 / Math.Sqrt(variance) * p[k]));
            bool first = before is null || sigmas[i + 1] == 0;
            double half = first ? 0 : 0.5 * Math.Log(sigmas[i] / sigmas[i + 1]) / Math.Log(sigmas[i - 1] / sigmas[i]);
            double[] d = LongRun.Each(x, k => ((1 + half) * original[k]) - (first ? 0 : half * before![k]));
            before = original;
            double keep = sigmas[i + 1] / sigmas[i];
            return LongRun.Each(x, k => (keep * x[k]) + ((1 - keep) * d[k]));
        };
    });

    [Fact]
    public void Stable_audio_s_configuration_is_its_stochastic_solver_asked_at_arctangents()
    {
        EdmDpmSolverOptions options = Assert.IsType<EdmDpmSolverScheduler>(SchedulerConfig.Create("""{"_class_name": "CosineDPMSolverMultistepScheduler"}""")).Options;
        Assert.Equal((0.3, 500, DpmSolverAlgorithm.SdeDpmPlusPlus, SigmaSpacing.Exponential), (options.SigmaMin, options.SigmaMax, options.Algorithm, options.SigmaSpacing));
        ISchedulerRun run = new EdmDpmSolverScheduler(options).Start(new SamplingPlan(2, LongRun.Shape));
        Assert.Equal([2 / Math.PI * Math.Atan(500), 2 / Math.PI * Math.Atan(0.3)], run.Timesteps, (expected, actual) => Math.Abs(expected - actual) < 1e-6);
    }

    [Fact]
    public void Solvers_of_the_noise_are_refused_by_name()
    {
        Assert.Contains("DpmPlusPlus", Assert.Throws<ArgumentOutOfRangeException>(() => new EdmDpmSolverOptions { Algorithm = DpmSolverAlgorithm.Dpm }).Message, StringComparison.Ordinal);
        Assert.Contains("1 to 3", Assert.Throws<ArgumentOutOfRangeException>(() => new EdmDpmSolverOptions { SolverOrder = 4 }).Message, StringComparison.Ordinal);
    }
}
