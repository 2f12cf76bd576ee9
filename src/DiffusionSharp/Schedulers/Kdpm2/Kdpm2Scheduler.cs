namespace DiffusionSharp.Schedulers;

/// <summary>
/// DPM-Solver-2 in σ (Lu et al. 2022, arXiv:2206.00927, algorithm 1 with the midpoint in log σ; after Karras et al. 2022,
/// arXiv:2206.00364, k-diffusion's <c>sample_dpm_2</c>): the slope at the midpoint carries the whole step. Second order; two evaluations per step, one in the last.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class Kdpm2Scheduler(Kdpm2Options? options = null) : DiscreteScheduler<Kdpm2Options>(options ?? new Kdpm2Options(), "KDPM2")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new Kdpm2Run(Options, plan);
}
