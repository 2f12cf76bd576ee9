namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="EulerAncestralScheduler"/>.</summary>
public sealed record EulerAncestralOptions : SigmaOptions
{
    /// <summary>The default options.</summary>
    public EulerAncestralOptions()
    {
    }

    private EulerAncestralOptions(DiscreteSchedulerOptions model)
        : base(model)
    {
    }

    /// <summary>The options that sample the same model with this scheduler: its noise schedule, prediction type and spacing.</summary>
    /// <param name="model">The options of the model's present scheduler.</param>
    /// <returns>Options for this scheduler; the same ones when they are for it already.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    public static EulerAncestralOptions From(DiscreteSchedulerOptions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model as EulerAncestralOptions ?? new EulerAncestralOptions(model) { Clipping = SampleClipping.None };
    }
}
