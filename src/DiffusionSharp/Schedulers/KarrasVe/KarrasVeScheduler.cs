namespace DiffusionSharp.Schedulers;

/// <summary>
/// Heun's method in σ with churn before each step (Karras et al. 2022, arXiv:2206.00364, algorithm 2), for models of the exploding process:
/// noise is added first, and the model is asked at the level that results. It predicts <c>-ε</c>, so that <c>x_0 = x + σ·p</c>. Two evaluations
/// per step, one in the last.
/// </summary>
/// <remarks>
/// As in the reference implementation, levels fall evenly in log σ from the square of <see cref="KarrasVeOptions.SigmaMax"/> to that of
/// <see cref="KarrasVeOptions.SigmaMin"/>. Its pipeline feeds score models of pixels in [0, 1] by scaling and shifting around them, which is a
/// predictor's part here.
/// </remarks>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class KarrasVeScheduler(KarrasVeOptions? options = null) : Scheduler<KarrasVeOptions>(options ?? new KarrasVeOptions(), "Karras VE")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new KarrasVeRun(Options, plan);
}
