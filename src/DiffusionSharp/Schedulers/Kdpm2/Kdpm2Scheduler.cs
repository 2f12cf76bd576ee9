namespace DiffusionSharp.Schedulers;

/// <summary>
/// DPM-Solver-2 in σ (Lu et al. 2022, arXiv:2206.00927, algorithm 1 with the midpoint in log σ; after Karras et al. 2022,
/// arXiv:2206.00364, k-diffusion's <c>sample_dpm_2</c>): the slope at the midpoint carries the whole step. Second order; two evaluations per step, one in the last.
/// </summary>
public sealed class Kdpm2Scheduler : IDiscreteScheduler
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    public Kdpm2Scheduler(Kdpm2Options? options = null) => Options = options ?? new Kdpm2Options();

    /// <summary>The configuration.</summary>
    public Kdpm2Options Options { get; }

    DiscreteSchedulerOptions IDiscreteScheduler.Options => Options;

    /// <inheritdoc/>
    public ISchedulerRun Start(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new Kdpm2Run(Options, plan);
    }

    /// <summary>The name by which people know it.</summary>
    public override string ToString() => "KDPM2";
}
