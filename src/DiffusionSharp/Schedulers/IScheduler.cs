namespace DiffusionSharp.Schedulers;

/// <summary>
/// A sampler: at which noise levels to ask the model, and how a prediction at one of them moves the sample to the next. A scheduler is
/// configuration only, immutable and safe to share; <see cref="Start"/> returns the state of one generation.
/// </summary>
public interface IScheduler
{
    /// <summary>Whether steps read the unconditional prediction even where guidance has no use for it, as CFG++ does. False for most schedulers.</summary>
    bool NeedsUnconditional => false;

    /// <summary>Whether steps keep the plan's <see cref="SamplingPlan.KnownRegion"/> themselves; where not, <see cref="KeepsKnown"/> does. False for most schedulers.</summary>
    bool KeepsKnownRegion => false;

    /// <summary>
    /// Whether steps can be laid on what the plan's <see cref="SamplingPlan.Strength"/> leaves of the way, as LCM's can, for pipelines that ask
    /// for it (<see cref="StrengthRule.ShorterWay"/>). False for most schedulers.
    /// </summary>
    bool FollowsStrength => false;

    /// <summary>Lays out the model calls of one generation.</summary>
    /// <param name="plan">Number of steps (or timesteps of your own) and the shape of the sample.</param>
    /// <returns>The run of one generation.</returns>
    /// <exception cref="ArgumentException">The plan cannot be followed with this configuration; the message says what to change.</exception>
    ISchedulerRun Start(SamplingPlan plan);
}
