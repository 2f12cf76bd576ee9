namespace DiffusionSharp.Schedulers;

/// <summary>
/// SA-Solver (Xue et al. 2023, arXiv:2309.05019, algorithm 1): a stochastic Adams predictor of order up to 4, and a corrector that reuses
/// the prediction at the point the predictor reached. One evaluation per step; <see cref="SaSolverOptions.Tau"/> says how much noise a step adds.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class SaSolverScheduler(SaSolverOptions? options = null) : DiscreteScheduler<SaSolverOptions>(options ?? new SaSolverOptions(), "SA-Solver")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new SaSolverRun(Options, plan);
}
