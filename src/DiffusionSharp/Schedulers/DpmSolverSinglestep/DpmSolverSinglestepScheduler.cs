namespace DiffusionSharp.Schedulers;

/// <summary>
/// Singlestep DPM-Solver and DPM-Solver++ (Lu et al. 2022, arXiv:2206.00927, algorithms 1 and 2, and arXiv:2211.01095, algorithm 1): groups of
/// evaluations, each group of an order's length, all from the sample that the group began with. One evaluation per step. Timesteps lie
/// between both ends (linspace) whatever the spacing of the options is.
/// </summary>
public sealed class DpmSolverSinglestepScheduler : DiscreteScheduler<DpmSolverSinglestepOptions>
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    /// <exception cref="ArgumentException">The options contradict each other; the message says which.</exception>
    public DpmSolverSinglestepScheduler(DpmSolverSinglestepOptions? options = null)
        : base(options ?? new DpmSolverSinglestepOptions(), "DPM-Solver singlestep") => Options.Check();

    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new DpmSolverSinglestepRun(Options, plan);
}
