namespace DiffusionSharp.Schedulers;

/// <summary>
/// Ancestral sampling of the variance-exploding process with Euler steps (k-diffusion's <c>sample_euler_ancestral</c>; Song et al. 2021,
/// arXiv:2011.13456, appendix F): each step goes further down than σ' and comes back up with new noise. First order, one evaluation per
/// step; it never settles, so more steps give other pictures.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class EulerAncestralScheduler(EulerAncestralOptions? options = null) : DiscreteScheduler<EulerAncestralOptions>(options ?? new EulerAncestralOptions(), "Euler ancestral")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new EulerAncestralRun(Options, plan);
}
