namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="HeunScheduler"/>. Symbols are those of arXiv:2206.00364.</summary>
public sealed record HeunOptions : SigmaOptions
{
    /// <summary>The default options.</summary>
    public HeunOptions()
    {
    }

    private HeunOptions(DiscreteSchedulerOptions model)
        : base(model)
    {
    }

    /// <summary>The options that sample the same model with this scheduler: its noise schedule, prediction type and spacing.</summary>
    /// <param name="model">The options of the model's present scheduler.</param>
    /// <returns>Options for this scheduler; the same ones when they are for it already.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    public static HeunOptions From(DiscreteSchedulerOptions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model as HeunOptions ?? new HeunOptions(model) { Clipping = SampleClipping.None };
    }
}
