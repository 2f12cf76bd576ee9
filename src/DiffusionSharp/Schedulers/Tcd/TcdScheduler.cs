namespace DiffusionSharp.Schedulers;

/// <summary>
/// Strategic stochastic sampling of trajectory consistency models (Zheng et al. 2024, arXiv:2402.19159, algorithm 2): each step goes
/// deterministically below the next timestep and noises back up to it. For distilled models, from 1 or 2 steps, guidance scale 1.
/// </summary>
public sealed class TcdScheduler : IDiscreteScheduler
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    public TcdScheduler(TcdOptions? options = null) => Options = options ?? new TcdOptions();

    /// <summary>The configuration.</summary>
    public TcdOptions Options { get; }

    DiscreteSchedulerOptions IDiscreteScheduler.Options => Options;

    /// <inheritdoc/>
    public ISchedulerRun Start(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new TcdRun(Options, plan);
    }

    /// <summary>The name by which people know it.</summary>
    public override string ToString() => "TCD";
}
