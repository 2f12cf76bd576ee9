namespace DiffusionSharp.Schedulers;

/// <summary>
/// UniPC (Zhao et al. 2023, arXiv:2302.04867, algorithms 5 to 8): a multistep predictor UniP of order p and a corrector UniC of order p + 1 that
/// reuses the prediction at the point the predictor reached. One evaluation per step.
/// </summary>
public sealed class UniPcScheduler : DiscreteScheduler<UniPcOptions>
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    /// <exception cref="ArgumentException">The options contradict each other; the message says which.</exception>
    public UniPcScheduler(UniPcOptions? options = null)
        : base(options ?? new UniPcOptions(), "UniPC") => Options.Check();

    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new UniPcRun(Options, plan);
}
