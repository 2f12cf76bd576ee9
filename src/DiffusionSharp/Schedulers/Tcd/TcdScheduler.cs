namespace DiffusionSharp.Schedulers;

/// <summary>
/// Strategic stochastic sampling of trajectory consistency models (Zheng et al. 2024, arXiv:2402.19159, algorithm 2): each step goes
/// deterministically below the next timestep and noises back up to it. For distilled models, from 1 or 2 steps, guidance scale 1.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class TcdScheduler(TcdOptions? options = null) : DiscreteScheduler<TcdOptions>(options ?? new TcdOptions(), "TCD")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new TcdRun(Options, plan);
}
