namespace DiffusionSharp.Schedulers;

/// <summary>
/// Denoising diffusion implicit models (Song, Meng &amp; Ermon 2021, arXiv:2010.02502, eq. 12): deterministic by default, good from about
/// 20 steps, first order.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class DdimScheduler(DdimOptions? options = null) : DiscreteScheduler<DdimOptions>(options ?? new DdimOptions(), "DDIM")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new DdimRun(Options, plan);
}
