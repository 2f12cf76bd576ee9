namespace DiffusionSharp.Schedulers;

/// <summary>
/// Ancestral sampling of denoising diffusion probabilistic models (Ho, Jain &amp; Abbeel 2020, arXiv:2006.11239, algorithm 2), also over
/// fewer timesteps than the model was trained with. Stochastic: every step but that at timestep 0 adds noise.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class DdpmScheduler(DdpmOptions? options = null) : DiscreteScheduler<DdpmOptions>(options ?? new DdpmOptions(), "DDPM")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new DdpmRun(Options, plan);
}
