namespace DiffusionSharp.Schedulers;

/// <summary>
/// Heun's method along the probability path of flow-matching models (Karras et al. 2022, arXiv:2206.00364, algorithm 2, on
/// <c>dx/dσ = v</c>). Second order: n steps take 2n - 1 evaluations, the second of each pair corrects the first.
/// </summary>
public sealed class FlowMatchHeunScheduler : IScheduler
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    public FlowMatchHeunScheduler(FlowMatchHeunOptions? options = null) => Options = options ?? new FlowMatchHeunOptions();

    /// <summary>The configuration.</summary>
    public FlowMatchHeunOptions Options { get; }

    /// <inheritdoc/>
    public ISchedulerRun Start(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new FlowMatchHeunRun(Options, plan);
    }

    /// <summary>The name by which people know it.</summary>
    public override string ToString() => "Flow Heun";
}
