namespace DiffusionSharp.Schedulers;

/// <summary>
/// Linear multistep (Adams-Bashforth) steps along the probability-flow ODE in σ of Karras et al. 2022
/// (arXiv:2206.00364, eq. 1), as k-diffusion's <c>sample_lms</c> does: the polynomial through the last slopes is integrated exactly from σ
/// to σ'. Up to fourth order, one evaluation per step.
/// </summary>
public sealed class LmsScheduler : IDiscreteScheduler
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    public LmsScheduler(LmsOptions? options = null) => Options = options ?? new LmsOptions();

    /// <summary>The configuration.</summary>
    public LmsOptions Options { get; }

    DiscreteSchedulerOptions IDiscreteScheduler.Options => Options;

    /// <inheritdoc/>
    public ISchedulerRun Start(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new LmsRun(Options, plan);
    }

    /// <summary>The name by which people know it.</summary>
    public override string ToString() => "LMS";
}
