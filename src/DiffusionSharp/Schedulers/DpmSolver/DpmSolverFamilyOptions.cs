namespace DiffusionSharp.Schedulers;

/// <summary>What the multistep and the singlestep DPM-Solver have in common.</summary>
public abstract record DpmSolverFamilyOptions : SolverOrderOptions
{
    /// <summary>Which equation is integrated. DPM-Solver++ by default.</summary>
    public DpmSolverAlgorithm Algorithm { get; init; } = DpmSolverAlgorithm.DpmPlusPlus;

    /// <summary>The kind of second-order steps. Midpoint by default.</summary>
    public DpmSolverType SolverType { get; init; } = DpmSolverType.Midpoint;

    /// <summary>The noise level that the last step goes to; zero, the default, makes the last step first-order.</summary>
    public FinalSigma FinalSigma { get; init; } = FinalSigma.Zero;

    /// <summary>Timesteps with a λ below it are not visited, which the cosine schedule needs (-5.1); -∞, the default, for none. For the default spacing of sigmas.</summary>
    public double LambdaMinimum { get; init; } = double.NegativeInfinity;

    internal bool IsStochastic => Algorithm is DpmSolverAlgorithm.SdeDpm or DpmSolverAlgorithm.SdeDpmPlusPlus;

    internal bool PredictsNoise => Algorithm is DpmSolverAlgorithm.Dpm or DpmSolverAlgorithm.SdeDpm;

    internal void Check()
    {
        if (Algorithm == DpmSolverAlgorithm.SdeDpm && FinalSigma == FinalSigma.Zero)
        {
            throw new ArgumentException($"{nameof(DpmSolverAlgorithm.SdeDpm)} cannot step to a final sigma of zero: set {nameof(FinalSigma)} to {FinalSigma.SigmaMin}, or take {nameof(DpmSolverAlgorithm.SdeDpmPlusPlus)}.");
        }

        if (Algorithm == DpmSolverAlgorithm.SdeDpm && SolverOrder == MaximumOrder)
        {
            throw new ArgumentException($"{nameof(DpmSolverAlgorithm.SdeDpm)} has no order {MaximumOrder}: set {nameof(SolverOrder)} to 1 or 2, or take {nameof(DpmSolverAlgorithm.SdeDpmPlusPlus)}.");
        }
    }
}
