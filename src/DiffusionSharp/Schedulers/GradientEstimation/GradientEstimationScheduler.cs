namespace DiffusionSharp.Schedulers;

/// <summary>
/// Euler steps along an estimated gradient (Permenter &amp; Yuan 2024, arXiv:2306.04848): the present slope, and what it changed by since the step before
/// added to it γ - 1 times. Deterministic, one evaluation per step.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class GradientEstimationScheduler(GradientEstimationOptions? options = null) : DiscreteScheduler<GradientEstimationOptions>(options ?? new GradientEstimationOptions(), "Gradient estimation")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new GradientEstimationRun(Options, plan);
}
