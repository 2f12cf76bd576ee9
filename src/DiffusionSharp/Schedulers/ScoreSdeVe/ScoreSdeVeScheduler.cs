namespace DiffusionSharp.Schedulers;

/// <summary>
/// Predictor-corrector sampling of score-based models whose noise explodes (Song et al. 2021, arXiv:2011.13456, algorithms 2 and 4): at each
/// noise level steps of Langevin dynamics, then one of the reverse equation to the next. The model predicts the score, ∇log p(x), and is asked at σ.
/// </summary>
/// <remarks>
/// The length of a corrector step is a ratio of two norms, each the mean over the batch, as in the reference implementation: a picture is
/// not the same alone and in a batch.
/// </remarks>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class ScoreSdeVeScheduler(ScoreSdeVeOptions? options = null) : Scheduler<ScoreSdeVeOptions>(options ?? new ScoreSdeVeOptions(), "Score SDE (VE)")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new ScoreSdeVeRun(Options, plan);
}
