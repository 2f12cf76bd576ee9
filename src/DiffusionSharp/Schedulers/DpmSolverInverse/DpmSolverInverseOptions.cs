namespace DiffusionSharp.Schedulers;

/// <summary>
/// Options of <see cref="DpmSolverInverseScheduler"/>. Symbols are those of arXiv:2211.01095. <see cref="DpmSolverFamilyOptions.FinalSigma"/> has no
/// effect: the last step goes to the noisiest level. With <see cref="LogSnrOptions.FlowSigmas"/> noise levels fall, as in the
/// reference implementation, so that this is no inversion, and only then the SDEs are allowed.
/// </summary>
public sealed record DpmSolverInverseOptions : DpmSolverFamilyOptions
{
    /// <summary>The default options.</summary>
    public DpmSolverInverseOptions() => FinalSigma = FinalSigma.SigmaMin;

    /// <summary>Whether the last step is first-order even where nothing else asks for it. False by default.</summary>
    public bool EulerAtFinal { get; init; }

    internal void CheckInverse()
    {
        if (IsStochastic && !FlowSigmas)
        {
            throw new ArgumentException($"{Algorithm} adds noise, so it cannot be run backwards: set {nameof(Algorithm)} to {DpmSolverAlgorithm.DpmPlusPlus} or {DpmSolverAlgorithm.Dpm}.", nameof(Algorithm));
        }

        if (SigmaSpacing == SigmaSpacing.Lu)
        {
            throw new ArgumentException($"DPM-Solver inversion knows no {SigmaSpacing.Lu} spacing: set {nameof(SigmaSpacing)} to another.", nameof(SigmaSpacing));
        }
    }
}
