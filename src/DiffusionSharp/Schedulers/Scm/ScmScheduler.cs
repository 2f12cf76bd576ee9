namespace DiffusionSharp.Schedulers;

/// <summary>
/// Multistep sampling of continuous-time consistency models in TrigFlow (Lu &amp; Song 2024, arXiv:2410.11081; SANA-Sprint, arXiv:2503.09641):
/// the sample is <c>cos(t)·x_0 + sin(t)·σ_d·ε</c>, each step goes to <c>x_0 = cos(t)·x - sin(t)·p</c> and noises it anew to the next time. The
/// model is asked at t. Noise levels σ of a plan's own are taken as <c>t = arctan(σ/σ_d)</c>.
/// </summary>
/// <remarks>
/// A generation starts from unit noise, as the reference implementation's scheduler says. For a model of unit data, as pipelines of
/// SANA-Sprint see theirs, set <see cref="ScmOptions.SigmaData"/> to 1.
/// </remarks>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class ScmScheduler(ScmOptions? options = null) : Scheduler<ScmOptions>(options ?? new ScmOptions(), "sCM")
{
    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new ScmRun(Options, plan);
}
