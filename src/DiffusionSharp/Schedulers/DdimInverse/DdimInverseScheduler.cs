namespace DiffusionSharp.Schedulers;

/// <summary>
/// DDIM run backwards, from a clean sample to the noise that DDIM would make it from (Song, Meng &amp; Ermon 2021, arXiv:2010.02502,
/// section 4.3; Mokady et al. 2022, arXiv:2211.09794, eq. 3). Timesteps rise. To invert a picture, give it as the initial image of an
/// image-to-image request of strength 1: noising to the first timestep leaves it as it is.
/// </summary>
public sealed class DdimInverseScheduler : IDiscreteScheduler
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    public DdimInverseScheduler(DdimInverseOptions? options = null) => Options = options ?? new DdimInverseOptions();

    /// <summary>The configuration.</summary>
    public DdimInverseOptions Options { get; }

    DiscreteSchedulerOptions IDiscreteScheduler.Options => Options;

    /// <inheritdoc/>
    public ISchedulerRun Start(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new DdimInverseRun(Options, plan);
    }

    /// <summary>The name by which people know it.</summary>
    public override string ToString() => "DDIM inverse";
}
