namespace DiffusionSharp.Schedulers;

/// <summary>
/// Improved pseudo linear multistep steps (Zhang &amp; Chen 2023, arXiv:2204.13902, iPNDM; Liu et al. 2022, arXiv:2202.09778, for the
/// formulas) that begin with lower orders instead of Runge-Kutta steps, over a continuous cosine-like schedule. For models that predict
/// velocity and are asked at times in [0, 1]. Fourth order, one evaluation per step.
/// </summary>
public sealed class IpndmScheduler : IScheduler
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    public IpndmScheduler(IpndmOptions? options = null) => Options = options ?? new IpndmOptions();

    /// <summary>The configuration.</summary>
    public IpndmOptions Options { get; }

    /// <inheritdoc/>
    public ISchedulerRun Start(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new IpndmRun(Options, plan);
    }

    /// <summary>The name by which people know it.</summary>
    public override string ToString() => "iPNDM";
}
