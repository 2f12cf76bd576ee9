namespace DiffusionSharp.Schedulers;

/// <summary>
/// Multistep DPM-Solver and DPM-Solver++ (Lu et al. 2022, arXiv:2206.00927 and arXiv:2211.01095, algorithm 2), ODE and SDE, of order 1
/// to 3: one evaluation per step, the predictions of earlier steps give the higher derivatives. With the default options it is known as
/// DPM++ 2M, with Karras spacing as DPM++ 2M Karras, with <see cref="DpmSolverAlgorithm.SdeDpmPlusPlus"/> as DPM++ 2M SDE.
/// </summary>
public sealed class DpmSolverScheduler : DiscreteScheduler<DpmSolverOptions>
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    /// <exception cref="ArgumentException">The options contradict each other; the message says which.</exception>
    public DpmSolverScheduler(DpmSolverOptions? options = null)
        : base(options ?? new DpmSolverOptions(), "DPM-Solver multistep") => Options.Check();

    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new DpmSolverRun(Options, plan);
}
