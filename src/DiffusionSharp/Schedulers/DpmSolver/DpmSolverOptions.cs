namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="DpmSolverScheduler"/>. Symbols are those of arXiv:2211.01095.</summary>
public sealed record DpmSolverOptions : DpmSolverFamilyOptions
{
    /// <summary>The default options.</summary>
    public DpmSolverOptions()
    {
    }

    private DpmSolverOptions(DiscreteSchedulerOptions model)
        : base(model)
    {
    }

    /// <summary>Whether the last step is first-order even where nothing else asks for it; steadies stochastic sampling with few steps. False by default.</summary>
    public bool EulerAtFinal { get; init; }

    /// <summary>
    /// Whether timesteps that follow from Karras or Lu spacing are rounded (true, the default) or cut to whole ones, as the reference
    /// implementation does for cosine schedules.
    /// </summary>
    public bool RoundsTimesteps { get; init; } = true;

    /// <summary>The options that sample the same model with DPM-Solver++: its noise schedule, prediction type and spacing.</summary>
    /// <param name="model">The options of the model's present scheduler.</param>
    /// <returns>Options for DPM-Solver; the same ones when they are for it already.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    public static DpmSolverOptions From(DiscreteSchedulerOptions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model as DpmSolverOptions ?? new DpmSolverOptions(model) { Clipping = ForSolver(model.Clipping) };
    }
}
