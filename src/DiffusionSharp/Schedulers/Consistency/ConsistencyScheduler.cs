namespace DiffusionSharp.Schedulers;

/// <summary>
/// Sampling of consistency models (Song et al. 2023, arXiv:2303.01469, algorithm 1): each step goes to the clean sample, and all but the
/// last noise it anew to the next level. One step is enough. The model is asked at <c>250·ln σ</c>. Timesteps of a plan count the N
/// levels from the largest, and are taken in reverse.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class ConsistencyScheduler(ConsistencyOptions? options = null) : Scheduler<ConsistencyOptions>(options ?? new ConsistencyOptions(), "Consistency")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new ConsistencyRun(Options, plan);
}
