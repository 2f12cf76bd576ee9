namespace DiffusionSharp.Schedulers;

/// <summary>
/// Heun's method along the probability-flow ODE in σ (Karras et al. 2022, arXiv:2206.00364, algorithm 1): an Euler step, then the mean of
/// the slopes at both its ends. Second order; two evaluations per step, one in the last.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class HeunScheduler(HeunOptions? options = null) : DiscreteScheduler<HeunOptions>(options ?? new HeunOptions(), "Heun")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new HeunRun(Options, plan);
}
