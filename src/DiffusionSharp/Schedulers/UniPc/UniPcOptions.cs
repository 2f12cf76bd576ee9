namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="UniPcScheduler"/>. Symbols are those of arXiv:2302.04867.</summary>
public sealed record UniPcOptions : SolverOrderOptions
{
    /// <summary>B(h). e^h - 1 by default.</summary>
    public UniPcType SolverType { get; init; } = UniPcType.Bh2;

    /// <summary>Whether the solver works with the predicted noise instead of the predicted x_0. False by default; then <see cref="DiscreteSchedulerOptions.Clipping"/> has no effect.</summary>
    public bool PredictsNoise { get; init; }

    /// <summary>Indices of steps whose outcome is not corrected: the first ones, where strong guidance drifts away.</summary>
    public IReadOnlyList<int> UncorrectedSteps { get; init; } = [];

    /// <summary>The noise level that the last step goes to; zero, the default, makes the last step first-order. Of other than the default spacing the smallest is that of the last step.</summary>
    public FinalSigma FinalSigma { get; init; } = FinalSigma.Zero;

    /// <summary>Smallest σ of Karras, exponential and beta spacing; that of timestep 0 when null.</summary>
    public double? SigmaMin { get; init; }

    /// <summary>Largest σ of Karras, exponential and beta spacing; that of the last timestep when null.</summary>
    public double? SigmaMax { get; init; }

    /// <summary>What flow-matching noise levels are stretched to end at, in [0, 1); null for where their shift puts them.</summary>
    public double? ShiftTerminal { get; init; }

    /// <summary>Whether <see cref="SamplingPlan.Mu"/> is the shift itself instead of its logarithm. False by default.</summary>
    public bool ShiftsLinearly { get; init; }

    internal void Check()
    {
        if (ShiftTerminal is { } terminal && (!FlowSigmas || !(terminal is >= 0 and < 1)))
        {
            throw new ArgumentException($"{nameof(ShiftTerminal)} is {terminal}: it must be in [0, 1), and needs {nameof(FlowSigmas)}.");
        }

        if (SigmaMin <= 0 || SigmaMax <= 0)
        {
            throw new ArgumentException($"{nameof(SigmaMin)} and {nameof(SigmaMax)} must be positive, found {SigmaMin} and {SigmaMax}.");
        }
    }
}
