namespace DiffusionSharp.Diffusers.Tests.Support;

/// <summary>
/// What reading an input may end in: a result, or the error that names what is wrong with it, and either with no more memory than the input has a right to. Bytes are counted, not time:
/// whoever is made to do too much work by a small input also allocates for it.
/// </summary>
internal static class Bounded
{
    /// <summary>Bytes that may be allocated whatever the input is: errors with their traces, buffers that later readings use again, tables of a network's numbers.</summary>
    public const long Fixed = 2 << 20;

    /// <summary>Bytes that may be allocated besides for each byte of the input.</summary>
    public const long PerByte = 64;

    /// <summary>A test that hangs fails after so many milliseconds.</summary>
    public const int Hang = 600_000;

    /// <summary>Whether an input is refused.</summary>
    /// <param name="size">Its bytes.</param>
    /// <param name="read">Reads it, on this thread.</param>
    public static bool Refuses(long size, Action read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool refused = false;
        try
        {
            read();
        }
        catch (ModelFormatException)
        {
            refused = true;
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= Fixed + (PerByte * size), $"{allocated} bytes were allocated for an input of {size}.");
        return refused;
    }
}
