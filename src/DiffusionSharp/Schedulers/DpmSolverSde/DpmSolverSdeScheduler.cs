namespace DiffusionSharp.Schedulers;

/// <summary>
/// DPM-Solver++ (SDE), a singlestep method of second order in log σ for the reverse stochastic equation (k-diffusion's <c>sample_dpmpp_sde</c>,
/// after Lu et al. 2022, arXiv:2211.01095, algorithm 1, and Karras et al. 2022, arXiv:2206.00364): each half goes down by an exact exponential
/// step and up again by noise along a Brownian path. Two evaluations per step, one in the last.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class DpmSolverSdeScheduler(DpmSolverSdeOptions? options = null) : DiscreteScheduler<DpmSolverSdeOptions>(options ?? new DpmSolverSdeOptions(), "DPM++ SDE")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new DpmSolverSdeRun(Options, plan);
}
