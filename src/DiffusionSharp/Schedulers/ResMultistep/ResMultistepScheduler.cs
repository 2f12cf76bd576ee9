namespace DiffusionSharp.Schedulers;

/// <summary>
/// The refined exponential solver, multistep of second order (Zhang et al. 2023, arXiv:2308.02157, algorithm 2), as ComfyUI has it: the slope of x_0 in
/// log σ comes from the prediction of the step before. One evaluation per step.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class ResMultistepScheduler(ResMultistepOptions? options = null) : DiscreteScheduler<ResMultistepOptions>(options ?? new ResMultistepOptions(), options is { Eta: > 0 } ? "RES multistep ancestral" : "RES multistep")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new ResMultistepRun(Options, plan);
}
