using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// Weighted sums of two, three or four spans in one pass over memory; the destination may be one of the inputs.
/// Multiplications and additions are rounded separately and in the order of the arguments, so that results do not depend on the CPU
/// or on where in a batch a value lies.
/// </summary>
internal static class LinearCombination
{
    /// <summary>The sum at one place.</summary>
    private interface ISum
    {
        Vector<float> VectorAt(int index);

        float At(int index);
    }

    /// <summary>destination = a·x + b·y.</summary>
    public static void Compute(float a, ReadOnlySpan<float> x, float b, ReadOnlySpan<float> y, Span<float> destination)
    {
        CheckLength(x.Length, y.Length);
        CheckLength(x.Length, destination.Length);
        Run(new Two(new Term(a, x), new Term(b, y)), destination);
    }

    /// <summary>destination = a·x + b·y + c·z.</summary>
    public static void Compute(float a, ReadOnlySpan<float> x, float b, ReadOnlySpan<float> y, float c, ReadOnlySpan<float> z, Span<float> destination)
    {
        CheckLength(x.Length, y.Length);
        CheckLength(x.Length, z.Length);
        CheckLength(x.Length, destination.Length);
        Run(new Three(new Two(new Term(a, x), new Term(b, y)), new Term(c, z)), destination);
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
        Run(new Four(new Three(new Two(new Term(a, x), new Term(b, y)), new Term(c, z)), new Term(d, w)), destination);
    }

    private static unsafe void Run<TSum>(TSum sum, Span<float> destination)
        where TSum : struct, ISum, allows ref struct
    {
        fixed (float* target = destination)
        {
            int i = 0;
            bool streams = StreamingStore.Suits(destination.Length);
            int head = streams ? StreamingStore.ValuesBefore(target) : 0;
            for (; i < head; i++)
            {
                target[i] = sum.At(i);
            }

            for (; i <= destination.Length - Vector<float>.Count; i += Vector<float>.Count)
            {
                StreamingStore.Store(sum.VectorAt(i), target + i, streams);
            }

            for (; i < destination.Length; i++)
            {
                target[i] = sum.At(i);
            }

            StreamingStore.Finish(streams);
        }
    }

    private static void CheckLength(int expected, int found)
    {
        if (expected != found)
        {
            throw new ArgumentException($"Spans of {expected} and {found} values do not combine: lengths must be equal.");
        }
    }

    private readonly ref struct Term(float weight, ReadOnlySpan<float> values) : ISum
    {
        private readonly ref float _values = ref MemoryMarshal.GetReference(values);
        private readonly float _weight = weight;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<float> VectorAt(int index) => Vector.LoadUnsafe(ref _values, (nuint)index) * _weight;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float At(int index) => Unsafe.Add(ref _values, index) * _weight;
    }

    // One struct for each number of terms: as one generic struct, nested, a sum of four took 1.4 times as long.
    private readonly ref struct Two(Term first, Term second) : ISum
    {
        private readonly Term _first = first;
        private readonly Term _second = second;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<float> VectorAt(int index) => _first.VectorAt(index) + _second.VectorAt(index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float At(int index) => _first.At(index) + _second.At(index);
    }

    private readonly ref struct Three(Two first, Term last) : ISum
    {
        private readonly Two _first = first;
        private readonly Term _last = last;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<float> VectorAt(int index) => _first.VectorAt(index) + _last.VectorAt(index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float At(int index) => _first.At(index) + _last.At(index);
    }

    private readonly ref struct Four(Three first, Term last) : ISum
    {
        private readonly Three _first = first;
        private readonly Term _last = last;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<float> VectorAt(int index) => _first.VectorAt(index) + _last.VectorAt(index);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public float At(int index) => _first.At(index) + _last.At(index);
    }
}
