namespace DiffusionSharp.Tests;

internal static class AllocatedBytes
{
    /// <summary>
    /// What an action allocates on this thread: the least of several runs, because a garbage collection for another thread may charge this
    /// one for the unused rest of its allocation buffer, and because the first run also pays for what is made once.
    /// </summary>
    public static long LeastOf(int runs, Action action)
    {
        long least = long.MaxValue;
        for (int i = 0; i < runs; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
