namespace DiffusionSharp.Schedulers;

/// <summary>
/// Multistep DPM-Solver++ (Lu et al. 2022, arXiv:2211.01095, algorithm 2) for models trained as EDM (Karras et al. 2022,
/// arXiv:2206.00364): <c>x = x_0 + σ·ε</c>, the noise levels of eq. 5, the model preconditioned as in table 1. Playground 2.5 ships with it.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class EdmDpmSolverScheduler(EdmDpmSolverOptions? options = null) : Scheduler<EdmDpmSolverOptions>(options ?? new EdmDpmSolverOptions(), "EDM DPM-Solver multistep")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new EdmDpmSolverRun(Options, plan);
}
