namespace DiffusionSharp.Schedulers;

/// <summary>
/// Ancestral sampling of the variance-exploding process with Euler steps (k-diffusion's <c>sample_euler_ancestral</c>; Song et al. 2021,
/// arXiv:2011.13456, appendix F): each step goes further down than σ' and comes back up with new noise. First order, one evaluation per
/// step; it never settles, so more steps give other pictures.
/// </summary>
public sealed class EulerAncestralScheduler : IDiscreteScheduler
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    public EulerAncestralScheduler(EulerAncestralOptions? options = null) => Options = options ?? new EulerAncestralOptions();

    /// <summary>The configuration.</summary>
    public EulerAncestralOptions Options { get; }

    DiscreteSchedulerOptions IDiscreteScheduler.Options => Options;

    /// <inheritdoc/>
    public ISchedulerRun Start(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new EulerAncestralRun(Options, plan);
    }

    /// <summary>The name by which people know it.</summary>
    public override string ToString() => "Euler ancestral";
}
