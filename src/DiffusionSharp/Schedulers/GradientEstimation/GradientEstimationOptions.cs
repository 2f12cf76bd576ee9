namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="GradientEstimationScheduler"/>.</summary>
public sealed record GradientEstimationOptions : SigmaOptions
{
    private readonly double _gamma = 2;

    /// <summary>The default options.</summary>
    public GradientEstimationOptions()
    {
    }

    private GradientEstimationOptions(DiscreteSchedulerOptions model)
        : base(model)
    {
    }

    /// <summary>γ, how far a step goes beyond the present slope, away from that of the step before; 2 by default, 1 is Euler's method. A positive number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double Gamma
    {
        get => _gamma;
        init => _gamma = OptionValue.Positive(value);
    }

    /// <summary>The options that sample the same model with this scheduler: its noise schedule, prediction type and spacing.</summary>
    /// <param name="model">The options of the model's present scheduler.</param>
    /// <returns>Options for this scheduler; the same ones when they are for it already.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    public static GradientEstimationOptions From(DiscreteSchedulerOptions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model as GradientEstimationOptions ?? new GradientEstimationOptions(model) { Clipping = SampleClipping.None };
    }
}
