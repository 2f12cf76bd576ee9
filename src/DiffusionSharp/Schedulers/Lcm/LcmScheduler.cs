namespace DiffusionSharp.Schedulers;

/// <summary>
/// Multistep sampling of latent consistency models (Luo et al. 2023, arXiv:2310.04378, algorithm 3): each step goes to x_0 and noises it
/// anew for the next timestep, the last one stays there. For distilled models, 1 to 8 steps, guidance scale 1.
/// </summary>
public sealed class LcmScheduler : IDiscreteScheduler
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    public LcmScheduler(LcmOptions? options = null) => Options = options ?? new LcmOptions();

    /// <summary>The configuration.</summary>
    public LcmOptions Options { get; }

    DiscreteSchedulerOptions IDiscreteScheduler.Options => Options;

    /// <inheritdoc/>
    public ISchedulerRun Start(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new LcmRun(Options, plan);
    }

    /// <summary>The name by which people know it.</summary>
    public override string ToString() => "LCM";
}
