namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="DeisScheduler"/>. Symbols are those of arXiv:2204.13902.</summary>
public sealed record DeisOptions : SolverOrderOptions
{
    /// <summary>The default options.</summary>
    public DeisOptions()
    {
    }

    private DeisOptions(DiscreteSchedulerOptions model)
        : base(model)
    {
    }

    /// <summary>The options that sample the same model with DEIS: its noise schedule, prediction type and spacing.</summary>
    /// <param name="model">The options of the model's present scheduler.</param>
    /// <returns>Options for DEIS; the same ones when they are for it already.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    public static DeisOptions From(DiscreteSchedulerOptions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model as DeisOptions ?? new DeisOptions(model) { Clipping = ForSolver(model.Clipping) };
    }
}
