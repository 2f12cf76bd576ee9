using System.Numerics;
using System.Runtime.InteropServices;

namespace DiffusionSharp.Schedulers.Kernels;

/// <summary>
/// Weighted sums of two, three or four spans in one pass over memory; the destination may be one of the inputs.
/// Multiplications and additions are rounded separately and in the order of the arguments, so that results do not depend on the CPU
/// or on where in a batch a value lies.
/// </summary>
internal static class LinearCombination
{
    /// <summary>destination = a·x + b·y.</summary>
    public static void Compute(float a, ReadOnlySpan<float> x, float b, ReadOnlySpan<float> y, Span<float> destination)
    {
        CheckLength(x.Length, y.Length);
        CheckLength(x.Length, destination.Length);
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(y);
        ref float pd = ref MemoryMarshal.GetReference(destination);
        var va = new Vector<float>(a);
        var vb = new Vector<float>(b);
        int i = 0;
        for (; i <= destination.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            nuint at = (nuint)i;
            ((va * Vector.LoadUnsafe(ref px, at)) + (vb * Vector.LoadUnsafe(ref py, at))).StoreUnsafe(ref pd, at);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = (a * x[i]) + (b * y[i]);
        }
    }

    /// <summary>destination = a·x + b·y + c·z.</summary>
    public static void Compute(float a, ReadOnlySpan<float> x, float b, ReadOnlySpan<float> y, float c, ReadOnlySpan<float> z, Span<float> destination)
    {
        CheckLength(x.Length, y.Length);
        CheckLength(x.Length, z.Length);
        CheckLength(x.Length, destination.Length);
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(y);
        ref float pz = ref MemoryMarshal.GetReference(z);
        ref float pd = ref MemoryMarshal.GetReference(destination);
        var va = new Vector<float>(a);
        var vb = new Vector<float>(b);
        var vc = new Vector<float>(c);
        int i = 0;
        for (; i <= destination.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            nuint at = (nuint)i;
            ((va * Vector.LoadUnsafe(ref px, at)) + (vb * Vector.LoadUnsafe(ref py, at)) + (vc * Vector.LoadUnsafe(ref pz, at))).StoreUnsafe(ref pd, at);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = (a * x[i]) + (b * y[i]) + (c * z[i]);
        }
    }

    /// <summary>destination = a·x + b·y + c·z + d·w.</summary>
    public static void Compute(
        float a,
        ReadOnlySpan<float> x,
        float b,
        ReadOnlySpan<float> y,
        float c,
        ReadOnlySpan<float> z,
        float d,
        ReadOnlySpan<float> w,
        Span<float> destination)
    {
        CheckLength(x.Length, y.Length);
        CheckLength(x.Length, z.Length);
        CheckLength(x.Length, w.Length);
        CheckLength(x.Length, destination.Length);
        ref float px = ref MemoryMarshal.GetReference(x);
        ref float py = ref MemoryMarshal.GetReference(y);
        ref float pz = ref MemoryMarshal.GetReference(z);
        ref float pw = ref MemoryMarshal.GetReference(w);
        ref float pd = ref MemoryMarshal.GetReference(destination);
        var va = new Vector<float>(a);
        var vb = new Vector<float>(b);
        var vc = new Vector<float>(c);
        var vd = new Vector<float>(d);
        int i = 0;
        for (; i <= destination.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            nuint at = (nuint)i;
            Vector<float> sum = (va * Vector.LoadUnsafe(ref px, at)) + (vb * Vector.LoadUnsafe(ref py, at)) + (vc * Vector.LoadUnsafe(ref pz, at));
            (sum + (vd * Vector.LoadUnsafe(ref pw, at))).StoreUnsafe(ref pd, at);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = (a * x[i]) + (b * y[i]) + (c * z[i]) + (d * w[i]);
        }
    }

    private static void CheckLength(int expected, int found)
    {
        if (expected != found)
        {
            throw new ArgumentException($"Spans of {expected} and {found} values do not combine: lengths must be equal.");
        }
    }
}
