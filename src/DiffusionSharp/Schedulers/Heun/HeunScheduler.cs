namespace DiffusionSharp.Schedulers;

/// <summary>
/// Heun's method along the probability-flow ODE in σ (Karras et al. 2022, arXiv:2206.00364, algorithm 1): an Euler step, then the mean of
/// the slopes at both its ends. Second order; two evaluations per step, one in the last.
/// </summary>
public sealed class HeunScheduler : IDiscreteScheduler
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    public HeunScheduler(HeunOptions? options = null) => Options = options ?? new HeunOptions();

    /// <summary>The configuration.</summary>
    public HeunOptions Options { get; }

    DiscreteSchedulerOptions IDiscreteScheduler.Options => Options;

    /// <inheritdoc/>
    public ISchedulerRun Start(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new HeunRun(Options, plan);
    }

    /// <summary>The name by which people know it.</summary>
    public override string ToString() => "Heun";
}
