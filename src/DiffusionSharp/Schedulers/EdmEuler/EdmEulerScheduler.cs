namespace DiffusionSharp.Schedulers;

/// <summary>
/// Euler steps for models trained as EDM (Karras et al. 2022, arXiv:2206.00364, algorithm 2 without its second-order correction): the
/// noise levels of eq. 5, the model preconditioned as in table 1 and asked at <c>c_noise = log(σ)/4</c>. First order, one evaluation per step.
/// </summary>
public sealed class EdmEulerScheduler : IScheduler
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    public EdmEulerScheduler(EdmEulerOptions? options = null) => Options = options ?? new EdmEulerOptions();

    /// <summary>The configuration.</summary>
    public EdmEulerOptions Options { get; }

    /// <inheritdoc/>
    public ISchedulerRun Start(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new EdmEulerRun(Options, plan);
    }

    /// <summary>The name by which people know it.</summary>
    public override string ToString() => "EDM Euler";
}
