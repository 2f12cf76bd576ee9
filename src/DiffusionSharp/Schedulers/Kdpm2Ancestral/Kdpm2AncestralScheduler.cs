namespace DiffusionSharp.Schedulers;

/// <summary>
/// DPM-Solver-2 in σ with ancestral noise (Lu et al. 2022, arXiv:2206.00927, algorithm 1 with the midpoint in log σ; after Karras et al. 2022,
/// arXiv:2206.00364, k-diffusion's <c>sample_dpm_2_ancestral</c>): each step goes further down than σ' and comes back up with new noise (arXiv:2011.13456, appendix F). Second order; two evaluations per step, one in the last.
/// </summary>
public sealed class Kdpm2AncestralScheduler : IDiscreteScheduler
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    public Kdpm2AncestralScheduler(Kdpm2AncestralOptions? options = null) => Options = options ?? new Kdpm2AncestralOptions();

    /// <summary>The configuration.</summary>
    public Kdpm2AncestralOptions Options { get; }

    DiscreteSchedulerOptions IDiscreteScheduler.Options => Options;

    /// <inheritdoc/>
    public ISchedulerRun Start(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new Kdpm2AncestralRun(Options, plan);
    }

    /// <summary>The name by which people know it.</summary>
    public override string ToString() => "KDPM2 ancestral";
}
