using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DiffusionSharp.Noise;

/// <summary>
/// The Mersenne Twister MT19937 (Matsumoto and Nishimura 1998, ACM TOMACS 8(1):3-30), seeded with its <c>init_genrand</c> of 2002,
/// and the uniform values that PyTorch makes of its outputs.
/// </summary>
internal sealed class Mt19937
{
    private const int N = 624;
    private const int M = 397;

    private const uint MatrixA = 0x9908B0DF;
    private const uint UpperMask = 0x80000000;
    private const uint LowerMask = 0x7FFFFFFF;

    private const float FloatUnit = 1f / (1 << 24);
    private const double DoubleUnit = 1.0 / (1L << 53);

    private readonly uint[] _state = new uint[N];
    private int _next = N;

    public Mt19937(uint seed) => Restart(seed);

    /// <summary>Starts the stream of a seed in the same memory.</summary>
    public void Restart(uint seed)
    {
        _next = N;
        _state[0] = seed;
        for (int i = 1; i < N; i++)
        {
            uint previous = _state[i - 1];
            _state[i] = (1812433253 * (previous ^ (previous >> 30))) + (uint)i;
        }
    }

    /// <summary>The next output: 32 random bits.</summary>
    public uint NextUInt32()
    {
        if (_next == N)
        {
            Twist();
        }

        return Temper(_state[_next++]);
    }

    /// <summary>The next value in [0, 1): the low 53 bits of two outputs, the first of them the high word.</summary>
    public double NextDouble()
    {
        ulong bits = ((ulong)NextUInt32() << 32) | NextUInt32();
        return (bits & ((1UL << 53) - 1)) * DoubleUnit;
    }

    /// <summary>The next values in [0, 1): the low 24 bits of one output each.</summary>
    public void FillUniform(Span<float> destination)
    {
        while (!destination.IsEmpty)
        {
            if (_next == N)
            {
                Twist();
            }

            int count = Math.Min(N - _next, destination.Length);
            ToUniform(_state.AsSpan(_next, count), destination[..count]);
            _next += count;
            destination = destination[count..];
        }
    }

    /// <summary>Writes where in the stream it is.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(_next);
        foreach (uint word in _state)
        {
            writer.Write(word);
        }
    }

    /// <summary>Goes to where another generator was.</summary>
    public void Restore(BinaryReader reader)
    {
        _next = reader.ReadInt32();
        foreach (ref uint word in _state.AsSpan())
        {
            word = reader.ReadUInt32();
        }
    }

    private static void ToUniform(ReadOnlySpan<uint> state, Span<float> destination)
    {
        ref uint source = ref MemoryMarshal.GetReference(state);
        ref float target = ref MemoryMarshal.GetReference(destination);
        int i = 0;
        for (; i <= state.Length - Vector256<uint>.Count; i += Vector256<uint>.Count)
        {
            Vector256<uint> low24 = Temper(Vector256.LoadUnsafe(ref source, (nuint)i)) & Vector256.Create(0xFFFFFFu);
            (Vector256.ConvertToSingle(low24.AsInt32()) * FloatUnit).StoreUnsafe(ref target, (nuint)i);
        }

        for (; i < state.Length; i++)
        {
            destination[i] = (int)(Temper(state[i]) & 0xFFFFFF) * FloatUnit;
        }
    }

    /// <summary>Advances every word of the state in place: from itself, its successor, and the word M places on, around the ring.</summary>
    private void Twist()
    {
        TwistRange(0, N - M, M);
        TwistRange(N - M, N - 1, M - N);
        _state[N - 1] = _state[M - 1] ^ Mix(_state[N - 1], _state[0]);
        _next = 0;
    }

    private void TwistRange(int start, int end, int distance)
    {
        // eight at once is safe: successors are read before they change, and the distance is at least 227
        ref uint state = ref MemoryMarshal.GetArrayDataReference(_state);
        int i = start;
        for (; i <= end - Vector256<uint>.Count; i += Vector256<uint>.Count)
        {
            Vector256<uint> current = Vector256.LoadUnsafe(ref state, (nuint)i);
            Vector256<uint> successor = Vector256.LoadUnsafe(ref state, (nuint)(i + 1));
            Vector256<uint> distant = Vector256.LoadUnsafe(ref state, (nuint)(i + distance));
            (distant ^ Mix(current, successor)).StoreUnsafe(ref state, (nuint)i);
        }

        for (; i < end; i++)
        {
            _state[i] = _state[i + distance] ^ Mix(_state[i], _state[i + 1]);
        }
    }

    private static uint Mix(uint current, uint successor) =>
        (((current & UpperMask) | (successor & LowerMask)) >> 1) ^ ((0 - (successor & 1)) & MatrixA);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Mix(Vector256<uint> current, Vector256<uint> successor)
    {
        Vector256<uint> joined = (current & Vector256.Create(UpperMask)) | (successor & Vector256.Create(LowerMask));
        return (joined >>> 1) ^ ((Vector256<uint>.Zero - (successor & Vector256<uint>.One)) & Vector256.Create(MatrixA));
    }

    private static uint Temper(uint y)
    {
        y ^= y >> 11;
        y ^= (y << 7) & 0x9D2C5680;
        y ^= (y << 15) & 0xEFC60000;
        return y ^ (y >> 18);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Temper(Vector256<uint> y)
    {
        y ^= y >>> 11;
        y ^= (y << 7) & Vector256.Create(0x9D2C5680u);
        y ^= (y << 15) & Vector256.Create(0xEFC60000u);
        return y ^ (y >>> 18);
    }
}
