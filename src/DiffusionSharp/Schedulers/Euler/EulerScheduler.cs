namespace DiffusionSharp.Schedulers;

/// <summary>
/// Euler steps along the probability-flow ODE in σ (Karras et al. 2022, arXiv:2206.00364, algorithm 2 without its second-order
/// correction), optionally with churn. First order, one evaluation per step.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class EulerScheduler(EulerOptions? options = null) : DiscreteScheduler<EulerOptions>(options ?? new EulerOptions(), "Euler")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new EulerRun(Options, plan);
}
