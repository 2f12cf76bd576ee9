namespace DiffusionSharp.Schedulers;

/// <summary>
/// The refined exponential solver in two stages (Zhang et al. 2023, arXiv:2308.02157): an exponential Runge-Kutta step that meets all conditions of
/// second order, its midpoint in log σ. Two evaluations per step, one in the last.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class Res2sScheduler(Res2sOptions? options = null) : DiscreteScheduler<Res2sOptions>(options ?? new Res2sOptions(), "RES 2s")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new Res2sRun(Options, plan);
}
