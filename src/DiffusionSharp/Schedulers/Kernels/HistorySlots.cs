namespace DiffusionSharp.Schedulers;

/// <summary>Where a step keeps its m, and where it finds those of earlier steps.</summary>
/// <param name="Model">The slot that receives the present m; <see cref="None"/> where it is not kept.</param>
/// <param name="First">The slot of m_1.</param>
/// <param name="Second">The slot of m_2.</param>
/// <param name="Third">The slot of m_3.</param>
internal readonly record struct HistorySlots(int Model, int First = HistorySlots.None, int Second = HistorySlots.None, int Third = HistorySlots.None)
{
    /// <summary>No slot.</summary>
    public const int None = -1;

    /// <summary>Slots taken in turn: m_k lies k before the newest.</summary>
    public static HistorySlots Ring(int newest, int length) => length == 0
        ? new(None)
        : new(newest, Before(newest, 1, length), Before(newest, 2, length), Before(newest, 3, length));

    private static int Before(int newest, int steps, int length) => (newest + (3 * length) - steps) % length;
}
