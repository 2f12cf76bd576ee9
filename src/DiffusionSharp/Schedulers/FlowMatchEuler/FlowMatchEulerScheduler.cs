namespace DiffusionSharp.Schedulers;

/// <summary>
/// Euler steps along the probability path of flow-matching models, <c>dx/dσ = v</c> (Lipman et al. 2023, arXiv:2210.02747; the scheduler
/// of SD3 and Flux, Esser et al. 2024, arXiv:2403.03206). First order, one evaluation per step.
/// </summary>
public sealed class FlowMatchEulerScheduler : IScheduler
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    public FlowMatchEulerScheduler(FlowMatchEulerOptions? options = null) => Options = options ?? new FlowMatchEulerOptions();

    /// <summary>The configuration.</summary>
    public FlowMatchEulerOptions Options { get; }

    /// <inheritdoc/>
    public ISchedulerRun Start(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new FlowMatchEulerRun(Options, plan);
    }

    /// <summary>The name by which people know it.</summary>
    public override string ToString() => "Flow Euler";
}
