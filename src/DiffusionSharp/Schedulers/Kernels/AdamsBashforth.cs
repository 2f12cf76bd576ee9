namespace DiffusionSharp.Schedulers;

/// <summary>Weights of the linear multistep formulas for even steps, newest first (Adams-Bashforth; arXiv:2202.09778, section 3.1).</summary>
internal static class AdamsBashforth
{
    /// <summary>The weights of an order in [1, 4].</summary>
    public static (double P0, double P1, double P2, double P3) Weights(int order) => order switch
    {
        1 => (1, 0, 0, 0),
        2 => (3 / 2.0, -1 / 2.0, 0, 0),
        3 => (23 / 12.0, -16 / 12.0, 5 / 12.0, 0),
        4 => (55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0),
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, "The order must be in [1, 4]."),
    };
}
