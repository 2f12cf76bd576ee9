namespace DiffusionSharp.Schedulers;

/// <summary>
/// CFG++ with Euler steps (Chung et al. 2024, arXiv:2406.08070, algorithm 2): each step goes to the guided x_0 and back up along the noise that the
/// <em>unconditional</em> prediction implies, so that guidance does not push samples off their noise level. Small guidance scales, about 0.2 to 1, suffice.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class EulerCfgPlusPlusScheduler(EulerCfgPlusPlusOptions? options = null) : DiscreteScheduler<EulerCfgPlusPlusOptions>(options ?? new EulerCfgPlusPlusOptions(), options is { Eta: > 0 } ? "Euler ancestral CFG++" : "Euler CFG++")
{
    /// <inheritdoc/>
    public override bool NeedsUnconditional => true;

    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new EulerCfgPlusPlusRun(Options, plan);
}
