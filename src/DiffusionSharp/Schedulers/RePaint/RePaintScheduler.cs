namespace DiffusionSharp.Schedulers;

/// <summary>
/// RePaint (Lugmayr et al. 2022, arXiv:2201.09865, algorithm 1): inpainting with a model that was not trained for it. Each step takes the
/// known part from the picture, noised anew, and now and then a jump goes back towards noise, so that the drawn part comes to fit the
/// known one. Needs an <see cref="InpaintingRequest"/>, and many model calls: about n·<see cref="RePaintOptions.JumpSamples"/> for n steps.
/// </summary>
public sealed class RePaintScheduler : IDiscreteScheduler
{
    /// <summary>Creates the scheduler.</summary>
    /// <param name="options">Its configuration; the default options when null.</param>
    public RePaintScheduler(RePaintOptions? options = null) => Options = options ?? new RePaintOptions();

    /// <summary>The configuration.</summary>
    public RePaintOptions Options { get; }

    DiscreteSchedulerOptions IDiscreteScheduler.Options => Options;

    /// <inheritdoc/>
    public ISchedulerRun Start(SamplingPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new RePaintRun(Options, plan);
    }

    /// <summary>The name by which people know it.</summary>
    public override string ToString() => "RePaint";
}
