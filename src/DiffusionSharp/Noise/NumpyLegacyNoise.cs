namespace DiffusionSharp.Noise;

/// <summary>
/// The normal values of NumPy's legacy generator: <c>numpy.random.RandomState(seed).randn(n)</c> rounded to float32, as pipelines on ONNX drew
/// their noise before they had PyTorch's.
/// </summary>
/// <remarks>
/// MT19937 (Matsumoto and Nishimura 1998) with 53-bit uniform values, and Marsaglia's polar method (Marsaglia and Bray 1964, SIAM Review
/// 6(3):260-264) in double precision. How a draw is divided into calls does not matter. Not thread-safe: one source per image.
/// </remarks>
public sealed class NumpyLegacyNoise : INoiseSource
{
    private readonly Mt19937 _generator;
    private double? _kept;

    /// <summary>Starts the stream of a seed.</summary>
    /// <param name="seed">In [0, 2^32 - 1], as NumPy demands.</param>
    /// <exception cref="ArgumentOutOfRangeException">The seed is outside of this range.</exception>
    public NumpyLegacyNoise(long seed)
    {
        if (seed is < 0 or > uint.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(seed), seed, "NumPy's legacy generator takes seeds in [0, 2^32 - 1].");
        }

        _generator = new Mt19937((uint)seed);
    }

    /// <summary>Fills the destination with normal values of mean 0 and variance 1.</summary>
    /// <param name="destination">Any length.</param>
    public void Fill(Span<float> destination)
    {
        foreach (ref float value in destination)
        {
            value = (float)Next();
        }
    }

    /// <inheritdoc/>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _generator.Save(writer);
        writer.WriteOptional(_kept);
    }

    /// <inheritdoc/>
    public void Restore(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _generator.Restore(reader);
        _kept = reader.ReadOptional();
    }

    private double Next()
    {
        if (_kept is { } kept)
        {
            _kept = null;
            return kept;
        }

        // points in the square until one falls into the unit circle
        double x, y, square;
        do
        {
            x = (2 * NextDouble()) - 1;
            y = (2 * NextDouble()) - 1;
            square = (x * x) + (y * y);
        }
        while (square is >= 1 or 0);

        double scale = Math.Sqrt(-2 * Math.Log(square) / square);
        _kept = scale * x;
        return scale * y;
    }

    // genrand_res53: 27 high bits of one output and 26 of the next.
    private double NextDouble()
    {
        ulong high = _generator.NextUInt32() >> 5;
        return ((high << 26) + (_generator.NextUInt32() >> 6)) * (1.0 / (1L << 53));
    }
}
