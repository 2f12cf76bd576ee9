namespace DiffusionSharp.Schedulers;

/// <summary>
/// Heun's method along the probability path of flow-matching models (Karras et al. 2022, arXiv:2206.00364, algorithm 2, on
/// <c>dx/dσ = v</c>). Second order: n steps take 2n - 1 evaluations, the second of each pair corrects the first.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class FlowMatchHeunScheduler(FlowMatchHeunOptions? options = null) : Scheduler<FlowMatchHeunOptions>(options ?? new FlowMatchHeunOptions(), "Flow Heun")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new FlowMatchHeunRun(Options, plan);
}
