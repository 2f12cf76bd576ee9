namespace DiffusionSharp.Schedulers;

/// <summary>What solvers in λ have in common that have one order, 1 to 3.</summary>
public abstract record SolverOrderOptions : LogSnrOptions
{
    /// <summary>The highest order that these solvers have.</summary>
    public const int MaximumOrder = 3;

    /// <summary>Order of the solver, 1 to 3; 2, the default, for guided sampling, 3 for unconditional sampling. A generation's first steps have lower ones.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1, 2 or 3.</exception>
    public int SolverOrder { get; init => field = CheckOrder(value); } = 2;

    internal static int CheckOrder(int value) => value is >= 1 and <= MaximumOrder
        ? value
        : throw new ArgumentOutOfRangeException(nameof(value), value, $"The solver's order must be 1 to {MaximumOrder}.");
}
