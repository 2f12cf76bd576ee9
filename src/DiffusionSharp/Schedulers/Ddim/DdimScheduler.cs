namespace DiffusionSharp.Schedulers;

/// <summary>
/// Denoising diffusion implicit models (Song, Meng &amp; Ermon 2021, arXiv:2010.02502, eq. 12): deterministic by default, good from about
/// 20 steps, first order.
/// </summary>
public sealed class DdimScheduler : IDiscreteScheduler
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    public DdimScheduler(DdimOptions? options = null) => Options = options ?? new DdimOptions();

    /// <summary>The configuration.</summary>
    public DdimOptions Options { get; }

    DiscreteSchedulerOptions IDiscreteScheduler.Options => Options;

    /// <inheritdoc/>
    public ISchedulerRun Start(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new DdimRun(Options, plan);
    }

    /// <summary>The name by which people know it.</summary>
    public override string ToString() => "DDIM";
}
