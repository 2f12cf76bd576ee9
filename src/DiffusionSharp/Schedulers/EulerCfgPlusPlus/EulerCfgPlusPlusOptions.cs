namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="EulerCfgPlusPlusScheduler"/>.</summary>
public sealed record EulerCfgPlusPlusOptions : SigmaOptions
{
    private readonly double _eta;

    /// <summary>The default options.</summary>
    public EulerCfgPlusPlusOptions()
    {
    }

    private EulerCfgPlusPlusOptions(DiscreteSchedulerOptions model)
        : base(model)
    {
    }

    /// <summary>η in [0, 1], how much of the ancestral noise a step adds; 0, the default, follows the ODE, 1 is the ancestral form.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside [0, 1].</exception>
    public double Eta
    {
        get => _eta;
        init => _eta = OptionValue.Eta(value);
    }

    /// <summary>The options that sample the same model with this scheduler: its noise schedule, prediction type and spacing.</summary>
    /// <param name="model">The options of the model's present scheduler.</param>
    /// <returns>Options for this scheduler; the same ones when they are for it already.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    public static EulerCfgPlusPlusOptions From(DiscreteSchedulerOptions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model as EulerCfgPlusPlusOptions ?? new EulerCfgPlusPlusOptions(model) { Clipping = SampleClipping.None };
    }
}
