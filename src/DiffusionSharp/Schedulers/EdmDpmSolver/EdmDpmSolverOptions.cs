namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="EdmDpmSolverScheduler"/>.</summary>
public sealed record EdmDpmSolverOptions : EdmOptions
{
    /// <summary>Order of the solver, 1 to 3. 2 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1, 2 or 3.</exception>
    public int SolverOrder { get; init => field = SolverOrderOptions.CheckOrder(value); } = 2;

    /// <summary>Which equation is integrated: <see cref="DpmSolverAlgorithm.DpmPlusPlus"/>, the default, or <see cref="DpmSolverAlgorithm.SdeDpmPlusPlus"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One of the predicted noise.</exception>
    public DpmSolverAlgorithm Algorithm
    {
        get;
        init => field = value is DpmSolverAlgorithm.DpmPlusPlus or DpmSolverAlgorithm.SdeDpmPlusPlus
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The algorithm must be DpmPlusPlus or SdeDpmPlusPlus: EDM models predict x_0.");
    } = DpmSolverAlgorithm.DpmPlusPlus;

    /// <summary>The kind of second-order steps. Midpoint by default.</summary>
    public DpmSolverType SolverType { get; init; } = DpmSolverType.Midpoint;

    /// <summary>Whether the last steps of generations of fewer than 15 have lower order. True by default.</summary>
    public bool LowerOrderFinal { get; init; } = true;

    /// <summary>Whether the last step is first-order even where nothing else asks for it. False by default.</summary>
    public bool EulerAtFinal { get; init; }

    /// <summary>Whether the model is asked at <c>2·arctan(σ)/π</c>, as that of Stable Audio is, instead of <c>log(σ)/4</c>. False by default.</summary>
    public bool UsesArctangent { get; init; }

    internal bool IsStochastic => Algorithm == DpmSolverAlgorithm.SdeDpmPlusPlus;

    internal override double TimestepOf(double sigma) => UsesArctangent ? Math.Atan(sigma) / Math.PI * 2 : base.TimestepOf(sigma);
}
