namespace DiffusionSharp.Schedulers;

/// <summary>
/// Multistep DPM-Solver and DPM-Solver++ (Lu et al. 2022, arXiv:2206.00927 and arXiv:2211.01095, algorithm 2) run backwards, from a clean sample
/// to noise that they make it from. Timesteps rise. A clean sample stands for that of timestep 0; a picture given as the initial image of
/// strength 1 gets that timestep's noise first.
/// </summary>
public sealed class DpmSolverInverseScheduler : DiscreteScheduler<DpmSolverInverseOptions>
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    /// <exception cref="ArgumentException">The options cannot be inverted; the message says which.</exception>
    public DpmSolverInverseScheduler(DpmSolverInverseOptions? options = null)
        : base(options ?? new DpmSolverInverseOptions(), "DPM-Solver inverse") => Options.CheckInverse();

    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new DpmSolverInverseRun(Options, plan);
}
