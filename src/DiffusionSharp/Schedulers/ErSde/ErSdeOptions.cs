namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="ErSdeScheduler"/>.</summary>
public sealed record ErSdeOptions : SigmaOptions
{
    /// <summary>The number of stages, and the order, 1 to 3. 3 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1, 2 or 3.</exception>
    public int SolverOrder { get; init => field = SolverOrderOptions.CheckOrder(value); } = 3;
}
