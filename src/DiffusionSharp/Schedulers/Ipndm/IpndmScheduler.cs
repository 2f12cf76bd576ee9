namespace DiffusionSharp.Schedulers;

/// <summary>
/// Improved pseudo linear multistep steps (Zhang &amp; Chen 2023, arXiv:2204.13902, iPNDM; Liu et al. 2022, arXiv:2202.09778, for the
/// formulas) that begin with lower orders instead of Runge-Kutta steps, over a continuous cosine-like schedule. For models that predict
/// velocity and are asked at times in [0, 1]. Fourth order, one evaluation per step.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class IpndmScheduler(IpndmOptions? options = null) : Scheduler<IpndmOptions>(options ?? new IpndmOptions(), "iPNDM")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new IpndmRun(Options, plan);
}
