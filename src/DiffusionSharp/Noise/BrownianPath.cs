using System.Numerics.Tensors;

namespace DiffusionSharp.Noise;

/// <summary>
/// Brownian motion W over an interval, from one seed: a binary tree of halves, each half's increment the mean of its parent's plus what the
/// Brownian bridge leaves free, drawn from a seed that belongs to the place in the tree (Li et al. 2020, arXiv:2001.01328, section 4).
/// Which increments are asked for, and in which order, does not matter.
/// </summary>
/// <remarks>The numbers are those of torchsde's <c>BrownianInterval</c> with <c>halfway_tree=True, tol=1e-6, pool_size=24</c>.</remarks>
internal sealed class BrownianPath
{
    private const double Resolution = 1e6;
    private const int PoolSize = 24;

    private readonly double _start;
    private readonly double _end;
    private readonly float _deviation;
    private readonly TorchCpuNoise _noise = new(0);
    private readonly uint[] _pool = new uint[PoolSize];
    private readonly float[][] _increments;
    private readonly float[] _bridge;
    private ulong _seed;

    /// <summary>Memory for paths of many values at once.</summary>
    /// <param name="length">Number of independent values, such as those of an image.</param>
    /// <param name="start">Where the interval starts.</param>
    /// <param name="end">Where it ends, later.</param>
    public BrownianPath(int length, double start, double end)
    {
        (_start, _end, _deviation) = (Round(start), Round(end), (float)Math.Sqrt(end - start));
        int depth = 2 + (int)Math.Ceiling(Math.Log2(Math.Max(1, (_end - _start) * Resolution)));
        _increments = new float[depth][];
        for (int i = 0; i < depth; i++)
        {
            _increments[i] = new float[length];
        }

        _bridge = new float[length];
    }

    /// <summary><c>(W(to) - W(from)) / sqrt(|to - from|)</c> of a seed's path: zero where both are the same time.</summary>
    public void Fill(ulong seed, double from, double to, Span<float> destination)
    {
        Increment(seed, from, to, destination);
        float deviation = MathF.Sqrt(MathF.Abs((float)to - (float)from));
        if (deviation > 0)
        {
            TensorPrimitives.Divide(destination, deviation, destination);
        }
    }

    // Times are rounded to 1e-6 and brought into the interval.
    private void Increment(ulong seed, double from, double to, Span<float> destination)
    {
        _seed = seed;
        destination.Clear();
        (from, to) = (Math.Clamp(Round(from), _start, _end), Math.Clamp(Round(to), _start, _end));
        Draw(Seed([]), _increments[0]);
        TensorPrimitives.Multiply(_increments[0], _deviation, _increments[0]);
        if (from < to)
        {
            Add(new Node(_start, _end, 0, 0), from, to, destination);
        }
        else if (to < from)
        {
            Add(new Node(_start, _end, 0, 0), to, from, destination);
            TensorPrimitives.Negate(destination, destination);
        }
    }

    // Adds the part of a node's increment that lies between two times within it.
    private void Add(Node node, double from, double to, Span<float> destination)
    {
        float[] whole = _increments[node.Depth];
        if (from == node.Start && to == node.End)
        {
            TensorPrimitives.Add(destination, whole, destination);
            return;
        }

        double middle = Round(0.5 * (node.End + node.Start));
        float[] half = _increments[node.Depth + 1];
        Bridge(node, middle, whole, half);
        if (from < middle)
        {
            Add(new Node(node.Start, middle, node.Depth + 1, 2 * node.Key), from, Math.Min(to, middle), destination);
        }

        if (to > middle)
        {
            TensorPrimitives.Subtract(whole, half, half);
            Add(new Node(middle, node.End, node.Depth + 1, (2 * node.Key) + 1), Math.Max(from, middle), to, destination);
        }
    }

    /// <summary>The increment of the first half, given that of the whole: normal with mean <c>W·(m-s)/(e-s)</c> and variance <c>(m-s)(e-m)/(e-s)</c>.</summary>
    private void Bridge(Node node, double middle, ReadOnlySpan<float> whole, Span<float> half)
    {
        double reciprocal = 1 / (node.End - node.Start);
        double left = middle - node.Start;
        double right = node.End - middle;
        (uint low, uint high) = ((uint)node.Key, (uint)(node.Key >> 32));
        ReadOnlySpan<uint> place = high == 0 ? [low, (uint)node.Depth] : [low, high, (uint)node.Depth];
        Draw(Seed(place), _bridge);
        TensorPrimitives.Multiply(_bridge, (float)Math.Sqrt(left * right * reciprocal), _bridge);
        TensorPrimitives.Multiply(whole, (float)left, half);
        TensorPrimitives.Multiply(half, (float)reciprocal, half);
        TensorPrimitives.Add(half, _bridge, half);
    }

    private void Draw(uint seed, Span<float> destination)
    {
        _noise.Restart(seed);
        _noise.Fill(destination);
    }

    private uint Seed(ReadOnlySpan<uint> place)
    {
        Span<uint> state = stackalloc uint[1];
        SeedSequence.Generate(_seed, place, _pool, state);
        return state[0];
    }

    // The decimal with six places nearest to the exact value, ties to even, as Python's round.
    private static double Round(double value)
    {
        double product = value * Resolution;
        double lost = Math.FusedMultiplyAdd(value, Resolution, -product);
        double whole = Math.Floor(product);
        double aboveHalf = product - whole - 0.5 + lost;
        bool up = aboveHalf > 0 || (aboveHalf == 0 && whole % 2 != 0);
        return (up ? whole + 1 : whole) / Resolution;
    }

    private readonly record struct Node(double Start, double End, int Depth, ulong Key);
}
