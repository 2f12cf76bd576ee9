namespace DiffusionSharp.Schedulers;

/// <summary>
/// Ancestral sampling of denoising diffusion probabilistic models (Ho, Jain &amp; Abbeel 2020, arXiv:2006.11239, algorithm 2), also over
/// fewer timesteps than the model was trained with. Stochastic: every step but that at timestep 0 adds noise.
/// </summary>
public sealed class DdpmScheduler : IDiscreteScheduler
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    public DdpmScheduler(DdpmOptions? options = null) => Options = options ?? new DdpmOptions();

    /// <summary>The configuration.</summary>
    public DdpmOptions Options { get; }

    DiscreteSchedulerOptions IDiscreteScheduler.Options => Options;

    /// <inheritdoc/>
    public ISchedulerRun Start(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new DdpmRun(Options, plan);
    }

    /// <summary>The name by which people know it.</summary>
    public override string ToString() => "DDPM";
}
