namespace DiffusionSharp.Schedulers;

/// <summary>
/// Sampling of consistency models (Song et al. 2023, arXiv:2303.01469, algorithm 1): each step goes to the clean sample, and all but the
/// last noise it anew to the next level. One step is enough. The model is asked at <c>250·ln σ</c>. Timesteps of a plan count the N
/// levels from the largest, and are taken in reverse.
/// </summary>
public sealed class ConsistencyScheduler : IScheduler
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    public ConsistencyScheduler(ConsistencyOptions? options = null) => Options = options ?? new ConsistencyOptions();

    /// <summary>The configuration.</summary>
    public ConsistencyOptions Options { get; }

    /// <inheritdoc/>
    public ISchedulerRun Start(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new ConsistencyRun(Options, plan);
    }

    /// <summary>The name by which people know it.</summary>
    public override string ToString() => "Consistency";
}
