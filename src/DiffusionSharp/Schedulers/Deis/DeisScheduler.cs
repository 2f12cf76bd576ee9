namespace DiffusionSharp.Schedulers;

/// <summary>
/// DEIS, the diffusion exponential integrator (Zhang &amp; Chen 2022, arXiv:2204.13902): ε is extrapolated by a polynomial in log ρ,
/// ρ = σ/α, through earlier predictions, and integrated exactly ("log-ρ" variant of its table 2). Order 1 to 3, one evaluation per step.
/// The last step ends at the noise level of timestep 0; with other than the default spacing of sigmas at that of the last step.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class DeisScheduler(DeisOptions? options = null) : DiscreteScheduler<DeisOptions>(options ?? new DeisOptions(), "DEIS")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new DeisRun(Options, plan);
}
