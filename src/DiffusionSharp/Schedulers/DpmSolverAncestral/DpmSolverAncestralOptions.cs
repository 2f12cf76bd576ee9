namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="DpmSolverAncestralScheduler"/>.</summary>
public sealed record DpmSolverAncestralOptions : SigmaOptions
{
    private readonly double _eta = 1;

    /// <summary>The default options.</summary>
    public DpmSolverAncestralOptions()
    {
    }

    private DpmSolverAncestralOptions(DiscreteSchedulerOptions model)
        : base(model)
    {
    }

    /// <summary>η in [0, 1], how much of the ancestral noise a step adds; 1, all of it, by default, 0 follows the ODE.</summary>
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
    public static DpmSolverAncestralOptions From(DiscreteSchedulerOptions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model as DpmSolverAncestralOptions ?? new DpmSolverAncestralOptions(model) { Clipping = SampleClipping.None };
    }
}
