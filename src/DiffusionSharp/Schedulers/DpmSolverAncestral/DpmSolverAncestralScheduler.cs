namespace DiffusionSharp.Schedulers;

/// <summary>
/// DPM-Solver++ (2S) with ancestral noise (k-diffusion's <c>sample_dpmpp_2s_ancestral</c>, after Lu et al. 2022, arXiv:2211.01095, algorithm 1): a step
/// down in two stages, its midpoint in log σ, then up again by noise. Two evaluations per step, one in the last.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class DpmSolverAncestralScheduler(DpmSolverAncestralOptions? options = null) : DiscreteScheduler<DpmSolverAncestralOptions>(options ?? new DpmSolverAncestralOptions(), "DPM++ 2S ancestral")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new DpmSolverAncestralRun(Options, plan);
}
