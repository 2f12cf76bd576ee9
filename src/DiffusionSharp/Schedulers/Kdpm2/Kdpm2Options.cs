namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="Kdpm2Scheduler"/>.</summary>
public sealed record Kdpm2Options : SigmaOptions
{
    /// <summary>The default options.</summary>
    public Kdpm2Options()
    {
    }

    private Kdpm2Options(DiscreteSchedulerOptions model)
        : base(model)
    {
    }

    /// <summary>The options that sample the same model with this scheduler: its noise schedule, prediction type and spacing.</summary>
    /// <param name="model">The options of the model's present scheduler.</param>
    /// <returns>Options for this scheduler; the same ones when they are for it already.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    public static Kdpm2Options From(DiscreteSchedulerOptions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model as Kdpm2Options ?? new Kdpm2Options(model) { Clipping = SampleClipping.None };
    }
}
