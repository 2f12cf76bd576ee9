namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="ErSdeScheduler"/>.</summary>
public sealed record ErSdeOptions : SigmaOptions
{
    private readonly int _order = 3;

    /// <summary>The default options.</summary>
    public ErSdeOptions()
    {
    }

    private ErSdeOptions(DiscreteSchedulerOptions model)
        : base(model)
    {
    }

    /// <summary>The number of stages, and the order, 1 to 3. 3 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1, 2 or 3.</exception>
    public int SolverOrder
    {
        get => _order;
        init => _order = SolverOrderOptions.CheckOrder(value);
    }

    /// <summary>The options that sample the same model with this scheduler: its noise schedule, prediction type and spacing.</summary>
    /// <param name="model">The options of the model's present scheduler.</param>
    /// <returns>Options for this scheduler; the same ones when they are for it already.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    public static ErSdeOptions From(DiscreteSchedulerOptions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model as ErSdeOptions ?? new ErSdeOptions(model) { Clipping = SampleClipping.None };
    }
}
