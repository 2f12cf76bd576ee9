namespace DiffusionSharp.Schedulers;

/// <summary>
/// Linear multistep (Adams-Bashforth) steps along the probability-flow ODE in σ of Karras et al. 2022
/// (arXiv:2206.00364, eq. 1), as k-diffusion's <c>sample_lms</c> does: the polynomial through the last slopes is integrated exactly from σ
/// to σ'. Up to fourth order, one evaluation per step.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class LmsScheduler(LmsOptions? options = null) : DiscreteScheduler<LmsOptions>(options ?? new LmsOptions(), "LMS")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new LmsRun(Options, plan);
}
