namespace DiffusionSharp.Schedulers;

/// <summary>
/// DPM-Solver-2 in σ with ancestral noise (Lu et al. 2022, arXiv:2206.00927, algorithm 1 with the midpoint in log σ; after Karras et al. 2022,
/// arXiv:2206.00364, k-diffusion's <c>sample_dpm_2_ancestral</c>): each step goes further down than σ' and comes back up with new noise (arXiv:2011.13456, appendix F). Second order; two evaluations per step, one in the last.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class Kdpm2AncestralScheduler(Kdpm2AncestralOptions? options = null) : DiscreteScheduler<Kdpm2AncestralOptions>(options ?? new Kdpm2AncestralOptions(), "KDPM2 ancestral")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new Kdpm2AncestralRun(Options, plan);
}
