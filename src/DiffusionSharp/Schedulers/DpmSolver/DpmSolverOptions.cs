namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="DpmSolverScheduler"/>. Symbols are those of arXiv:2211.01095.</summary>
public sealed record DpmSolverOptions : DpmSolverFamilyOptions
{
    /// <summary>Whether the last step is first-order even where nothing else asks for it; steadies stochastic sampling with few steps. False by default.</summary>
    public bool EulerAtFinal { get; init; }

    /// <summary>
    /// Whether timesteps that follow from Karras or Lu spacing are rounded (true, the default) or cut to whole ones, as the reference
    /// implementation does for cosine schedules.
    /// </summary>
    public bool RoundsTimesteps { get; init; } = true;
}
