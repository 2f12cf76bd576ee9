namespace DiffusionSharp.Schedulers;

/// <summary>
/// DDIM run backwards, from a clean sample to the noise that DDIM would make it from (Song, Meng &amp; Ermon 2021, arXiv:2010.02502,
/// section 4.3; Mokady et al. 2022, arXiv:2211.09794, eq. 3). Timesteps rise. To invert a picture, give it as the initial image of an
/// image-to-image request of strength 1: noising to the first timestep leaves it as it is.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class DdimInverseScheduler(DdimInverseOptions? options = null) : DiscreteScheduler<DdimInverseOptions>(options ?? new DdimInverseOptions(), "DDIM inverse")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new DdimInverseRun(Options, plan);
}
