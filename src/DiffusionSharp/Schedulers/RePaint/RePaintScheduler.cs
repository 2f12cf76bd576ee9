namespace DiffusionSharp.Schedulers;

/// <summary>
/// RePaint (Lugmayr et al. 2022, arXiv:2201.09865, algorithm 1): inpainting with a model that was not trained for it. Each step takes the
/// known part from the picture, noised anew, and now and then a jump goes back towards noise, so that the drawn part comes to fit the
/// known one. Needs an <see cref="InpaintingRequest"/>, and many model calls: about n·<see cref="RePaintOptions.JumpSamples"/> for n steps.
/// </summary>
/// <param name="options">Its configuration; the default options when null.</param>
public sealed class RePaintScheduler(RePaintOptions? options = null) : DiscreteScheduler<RePaintOptions>(options ?? new RePaintOptions(), "RePaint")
{
    /// <inheritdoc/>
    public override bool KeepsKnownRegion => true;

    /// <inheritdoc/>
    protected override SchedulerRun Begin(SamplingPlan plan) => new RePaintRun(Options, plan);
}
