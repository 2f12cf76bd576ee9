namespace DiffusionSharp.Schedulers;

/// <summary>
/// SA-Solver (Xue et al. 2023, arXiv:2309.05019, algorithm 1): a stochastic Adams predictor of order up to 4, and a corrector that reuses
/// the prediction at the point the predictor reached. One evaluation per step; <see cref="SaSolverOptions.Tau"/> says how much noise a step adds.
/// </summary>
public sealed class SaSolverScheduler : IDiscreteScheduler
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    public SaSolverScheduler(SaSolverOptions? options = null) => Options = options ?? new SaSolverOptions();

    /// <summary>The configuration.</summary>
    public SaSolverOptions Options { get; }

    DiscreteSchedulerOptions IDiscreteScheduler.Options => Options;

    /// <inheritdoc/>
    public ISchedulerRun Start(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new SaSolverRun(Options, plan);
    }

    /// <summary>The name by which people know it.</summary>
    public override string ToString() => "SA-Solver";
}
