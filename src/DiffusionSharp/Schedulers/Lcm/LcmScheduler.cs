namespace DiffusionSharp.Schedulers;

/// <summary>
/// Multistep sampling of latent consistency models (Luo et al. 2023, arXiv:2310.04378, algorithm 3): each step goes to x_0 and noises it
/// anew for the next timestep, the last one stays there. For distilled models, 1 to 8 steps, guidance scale 1.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class LcmScheduler(LcmOptions? options = null) : DiscreteScheduler<LcmOptions>(options ?? new LcmOptions(), "LCM")
{
    /// <inheritdoc/>
    public override bool FollowsStrength => true;

    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new LcmRun(Options, plan);
}
