namespace DiffusionSharp.Schedulers;

/// <summary>
/// Options of <see cref="DpmSolverSinglestepScheduler"/>. Symbols are those of arXiv:2206.00927. <see cref="LogSnrOptions.LowerOrderFinal"/> is false by
/// default, but a number of steps that the order does not divide, or a final sigma of zero, has the effect of true.
/// </summary>
public sealed record DpmSolverSinglestepOptions : DpmSolverFamilyOptions
{
    /// <summary>The default options.</summary>
    public DpmSolverSinglestepOptions() => LowerOrderFinal = false;

    /// <summary>The order of each of n steps: groups of 1, 2, ..., order, and what is left at the end.</summary>
    internal int[] Orders(int steps)
    {
        var orders = new int[steps];
        for (int i = 0; i < steps; i++)
        {
            orders[i] = (i % SolverOrder) + 1;
        }

        bool isZero = FinalSigma == FinalSigma.Zero;
        bool lowers = LowerOrderFinal || steps % SolverOrder != 0 || isZero;
        if (lowers && steps % SolverOrder == 0 && SolverOrder > 1)
        {
            // The last group would end with the full order; it is 1, 2, 1 or 1, 1 instead.
            orders[^1] = 1;
        }

        if (isZero)
        {
            orders[^1] = 1;
        }

        return orders;
    }
}
