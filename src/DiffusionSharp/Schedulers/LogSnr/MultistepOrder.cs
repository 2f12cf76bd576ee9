namespace DiffusionSharp.Schedulers;

/// <summary>The order of each step of a multistep solver: lower while history is short, and at the end.</summary>
internal static class MultistepOrder
{
    // Generations of as many steps need no lower order at their end.
    private const int Many = 15;

    /// <summary>The order at a step.</summary>
    /// <param name="index">The step.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="order">The solver's order.</param>
    /// <param name="history">Steps that have been taken.</param>
    /// <param name="lowersFinal">Whether the last steps of a short generation have lower order.</param>
    /// <param name="endsFirst">Whether the last step is first-order in any case.</param>
    public static int At(int index, int steps, int order, int history, bool lowersFinal, bool endsFirst)
    {
        int left = steps - index;
        int limit = left == 1 && endsFirst ? 1 : lowersFinal && steps < Many ? left : order;
        return Math.Min(Math.Min(order, history + 1), limit);
    }
}
