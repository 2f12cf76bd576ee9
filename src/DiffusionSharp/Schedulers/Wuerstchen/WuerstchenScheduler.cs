namespace DiffusionSharp.Schedulers;

/// <summary>
/// Ancestral sampling in continuous time, as Würstchen has it (Pernias et al. 2023, arXiv:2306.00637, after Ho, Jain &amp; Abbeel 2020,
/// arXiv:2006.11239): the model predicts noise and is asked at t in (0, 1], where ᾱ is a squared cosine, kept in [0.0001, 0.9999].
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class WuerstchenScheduler(WuerstchenOptions? options = null) : Scheduler<WuerstchenOptions>(options ?? new WuerstchenOptions(), "DDPM (Würstchen)")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new WuerstchenRun(Options, plan);
}
