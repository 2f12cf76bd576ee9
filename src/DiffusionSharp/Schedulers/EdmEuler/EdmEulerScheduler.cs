namespace DiffusionSharp.Schedulers;

/// <summary>
/// Euler steps for models trained as EDM (Karras et al. 2022, arXiv:2206.00364, algorithm 2 without its second-order correction): the
/// noise levels of eq. 5, the model preconditioned as in table 1 and asked at <c>c_noise = log(σ)/4</c>. First order, one evaluation per step.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class EdmEulerScheduler(EdmEulerOptions? options = null) : Scheduler<EdmEulerOptions>(options ?? new EdmEulerOptions(), "EDM Euler")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new EdmEulerRun(Options, plan);
}
