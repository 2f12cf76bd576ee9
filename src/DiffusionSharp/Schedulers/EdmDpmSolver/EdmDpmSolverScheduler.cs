namespace DiffusionSharp.Schedulers;

/// <summary>
/// Multistep DPM-Solver++ (Lu et al. 2022, arXiv:2211.01095, algorithm 2) for models trained as EDM (Karras et al. 2022,
/// arXiv:2206.00364): <c>x = x_0 + σ·ε</c>, the noise levels of eq. 5, the model preconditioned as in table 1. Playground 2.5 ships with it.
/// </summary>
public sealed class EdmDpmSolverScheduler : IScheduler
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    public EdmDpmSolverScheduler(EdmDpmSolverOptions? options = null) => Options = options ?? new EdmDpmSolverOptions();

    /// <summary>The configuration.</summary>
    public EdmDpmSolverOptions Options { get; }

    /// <inheritdoc/>
    public ISchedulerRun Start(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new EdmDpmSolverRun(Options, plan);
    }

    /// <summary>The name by which people know it.</summary>
    public override string ToString() => "EDM DPM-Solver multistep";
}
