using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>The Brownian paths of a batch over the noise levels of one generation: one for each picture, or one of all values together.</summary>
internal sealed class BatchPath : INoiseSource
{
    private readonly BrownianPath _path;
    private readonly int _length;
    private readonly float[] _drawn;
    private readonly ulong[] _seeds;
    private bool _isSeeded;

    /// <param name="shape">The shape of the batch.</param>
    /// <param name="minimum">The smallest σ above 0.</param>
    /// <param name="maximum">The largest.</param>
    /// <param name="seed">The seed of one path of the whole batch; null for a path of each picture's own.</param>
    public BatchPath(SampleShape shape, double minimum, double maximum, long? seed)
    {
        (_seeds, _length) = seed is { } given ? ([(ulong)given], shape.Length) : (new ulong[shape.Batch], shape.ImageLength);
        _isSeeded = seed is not null;
        _path = new BrownianPath(_length, minimum, maximum);
        _drawn = new float[2 * _seeds.Length];
    }

    /// <summary>Seeds the paths that have no seed yet, by two values of each picture's noise.</summary>
    public void Seed(INoiseSource noise)
    {
        if (_isSeeded)
        {
            return;
        }

        noise.Fill(_drawn);
        for (int i = 0; i < _seeds.Length; i++)
        {
            _seeds[i] = ((ulong)BitConverter.SingleToUInt32Bits(_drawn[2 * i]) << 32) | BitConverter.SingleToUInt32Bits(_drawn[(2 * i) + 1]);
        }

        _isSeeded = true;
    }

    public void Fill(Span<float> destination) => throw new NotSupportedException("A path has noise between two levels only.");

    public void FillBetween(double from, double to, Span<float> destination)
    {
        for (int i = 0; i < _seeds.Length; i++)
        {
            _path.Fill(_seeds[i], from, to, destination.Slice(i * _length, _length));
        }
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_isSeeded);
        foreach (ulong seed in _seeds)
        {
            writer.Write(seed);
        }
    }

    public void Restore(BinaryReader reader)
    {
        _isSeeded = reader.ReadBoolean();
        foreach (ref ulong seed in _seeds.AsSpan())
        {
            seed = reader.ReadUInt64();
        }
    }
}
