namespace DiffusionSharp.Schedulers;

/// <summary>
/// The extended reverse-time SDE, up to third order (Cui et al. 2023, arXiv:2309.06169, ER-SDE-Solver-3) with the noise function
/// <c>φ(σ) = σ·(exp(σ^0.3) + 10)</c> of its authors, ER SDE 5. Stochastic, one evaluation per step.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class ErSdeScheduler(ErSdeOptions? options = null) : DiscreteScheduler<ErSdeOptions>(options ?? new ErSdeOptions(), "ER-SDE")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new ErSdeRun(Options, plan);
}
