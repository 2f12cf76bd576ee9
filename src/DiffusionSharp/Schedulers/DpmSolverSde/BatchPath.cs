using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>A Brownian path for each picture of a batch, over the noise levels of one generation.</summary>
internal sealed class BatchPath : INoiseSource
{
    private readonly BrownianPath _path;
    private readonly int _imageLength;
    private readonly float[] _drawn;
    private readonly ulong[] _seeds;
    private bool _isSeeded;

    /// <param name="shape">The shape of the batch.</param>
    /// <param name="minimum">The smallest σ above 0.</param>
    /// <param name="maximum">The largest.</param>
    /// <param name="seed">The seed of every path; null for one of each picture's own.</param>
    public BatchPath(SampleShape shape, double minimum, double maximum, long? seed)
    {
        _path = new BrownianPath(shape.ImageLength, minimum, maximum);
        _imageLength = shape.ImageLength;
        _seeds = new ulong[shape.Batch];
        _drawn = new float[2 * shape.Batch];
        if (seed is { } given)
        {
            Array.Fill(_seeds, (ulong)given);
            _isSeeded = true;
        }
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
            Span<float> image = destination.Slice(i * _imageLength, _imageLength);
            if (i > 0 && _seeds[i] == _seeds[i - 1])
            {
                destination.Slice((i - 1) * _imageLength, _imageLength).CopyTo(image);
            }
            else
            {
                _path.Fill(_seeds[i], from, to, image);
            }
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
