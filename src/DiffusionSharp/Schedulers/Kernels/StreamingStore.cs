using System.Numerics;
using System.Runtime.CompilerServices;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// Stores that go around the cache, for results too large to stay in it until the model reads them: written lines need not be read first,
/// which saves a fifth of the memory traffic of a step.
/// </summary>
internal static unsafe class StreamingStore
{
    // 1 MiB: with its inputs, a step of this size fills the second-level cache of a core.
    private const int SmallestLength = 1 << 18;

    /// <summary>Whether results of this length are better not cached.</summary>
    public static bool Suits(int length) => length >= SmallestLength;

    /// <summary>How many values lie before the first at which a vector can be streamed.</summary>
    public static int ValuesBefore(float* destination)
    {
        nuint width = (nuint)Vector<byte>.Count;
        return (int)((width - ((nuint)destination % width)) % width) / sizeof(float);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector<float> value, float* destination, bool streams)
    {
        if (streams)
        {
            value.StoreAlignedNonTemporal(destination);
        }
        else
        {
            value.Store(destination);
        }
    }

    /// <summary>Makes streamed values visible to other threads before anything that is stored later.</summary>
    public static void Finish(bool streams)
    {
        if (streams)
        {
            Interlocked.MemoryBarrier();
        }
    }
}
