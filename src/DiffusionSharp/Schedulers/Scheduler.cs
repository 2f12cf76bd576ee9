namespace DiffusionSharp.Schedulers;

/// <summary>What schedulers have in common: options, a name, and that every generation gets a run of its own.</summary>
/// <typeparam name="TOptions">The configuration.</typeparam>
public abstract class Scheduler<TOptions> : IScheduler
    where TOptions : class
{
    private readonly string _name;

    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration.</param>
    /// <param name="name">The name by which people know it.</param>
    protected Scheduler(TOptions options, string name)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(name);
        (Options, _name) = (options, name);
    }

    /// <summary>The configuration.</summary>
    public TOptions Options { get; }

    /// <inheritdoc/>
    public virtual bool NeedsUnconditional => false;

    /// <inheritdoc/>
    public virtual bool KeepsKnownRegion => false;

    /// <inheritdoc/>
    public virtual bool FollowsStrength => false;

    /// <inheritdoc/>
    public ISchedulerRun Start(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        SchedulerRun run = Begin(plan);
        run.Kernel.Owner = _name;
        return run;
    }

    /// <summary>The name by which people know it.</summary>
    public sealed override string ToString() => _name;

    /// <summary>Lays out one generation.</summary>
    /// <param name="plan">What the generation is to be; not null.</param>
    /// <returns>Its run.</returns>
    protected abstract SchedulerRun Begin(SamplingPlan plan);
}
