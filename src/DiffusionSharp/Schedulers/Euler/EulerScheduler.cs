namespace DiffusionSharp.Schedulers;

/// <summary>
/// Euler steps along the probability-flow ODE in σ (Karras et al. 2022, arXiv:2206.00364, algorithm 2 without its second-order
/// correction), optionally with churn. First order, one evaluation per step.
/// </summary>
public sealed class EulerScheduler : IDiscreteScheduler
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    public EulerScheduler(EulerOptions? options = null) => Options = options ?? new EulerOptions();

    /// <summary>The configuration.</summary>
    public EulerOptions Options { get; }

    DiscreteSchedulerOptions IDiscreteScheduler.Options => Options;

    /// <inheritdoc/>
    public ISchedulerRun Start(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new EulerRun(Options, plan);
    }

    /// <summary>The name by which people know it.</summary>
    public override string ToString() => "Euler";
}
