namespace DiffusionSharp.Schedulers;

/// <summary>
/// Euler steps along the probability path of flow-matching models, <c>dx/dσ = v</c> (Lipman et al. 2023, arXiv:2210.02747; the scheduler
/// of SD3 and Flux, Esser et al. 2024, arXiv:2403.03206). First order, one evaluation per step.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class FlowMatchEulerScheduler(FlowMatchEulerOptions? options = null) : Scheduler<FlowMatchEulerOptions>(options ?? new FlowMatchEulerOptions(), "Flow Euler")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new FlowMatchEulerRun(Options, plan);
}
