namespace DiffusionSharp.Noise;

/// <summary>
/// Noise along one Brownian path: whatever the number of steps, a stochastic sampler follows the same random motion, so that more steps
/// refine the picture and do not replace it (Li et al. 2020, arXiv:2001.01328, the virtual Brownian tree). The noise that a generation
/// starts from is <see cref="TorchCpuNoise"/>'s.
/// </summary>
/// <remarks>
/// <para>
/// With the smallest and largest σ of a sampler as its bounds, the path is that of torchsde's <c>BrownianTree</c> with the same seed, as k-diffusion
/// and diffusers use it. Levels closer than 1e-6 count as one.
/// </para>
/// <para>Not thread-safe: one source per image. The memory of about 25 to 35 images is taken at the first step and kept.</para>
/// </remarks>
public sealed class BrownianTreeNoise : INoiseSource
{
    private readonly TorchCpuNoise _initial;
    private ulong _seed;
    private readonly double _minimum;
    private readonly double _maximum;
    private BrownianPath? _path;
    private int _length;

    /// <summary>Starts the path of a seed.</summary>
    /// <param name="seed">Any value; a negative one means its two's complement.</param>
    /// <param name="minimum">The smallest noise level σ that is asked for, at least 0.</param>
    /// <param name="maximum">The largest; above <paramref name="minimum"/>, at most 1e9.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is out of its range.</exception>
    public BrownianTreeNoise(long seed, double minimum = 0, double maximum = 5000)
    {
        if (!(minimum >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(minimum), minimum, "The smallest noise level must be at least 0.");
        }

        if (!(maximum > minimum && maximum <= 1e9))
        {
            throw new ArgumentOutOfRangeException(nameof(maximum), maximum, $"The largest noise level must be above the smallest, {minimum}, and at most 1e9.");
        }

        (_seed, _minimum, _maximum, _initial) = ((ulong)seed, minimum, maximum, new TorchCpuNoise(seed));
    }

    /// <inheritdoc/>
    public void Fill(Span<float> destination) => _initial.Fill(destination);

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">A level is outside of the bounds by more than rounding to float32 explains.</exception>
    public void FillBetween(double from, double to, Span<float> destination)
    {
        RequireWithin(nameof(from), from);
        RequireWithin(nameof(to), to);
        if (_path is null || _length != destination.Length)
        {
            (_path, _length) = (new BrownianPath(destination.Length, _minimum, _maximum), destination.Length);
        }

        _path.Fill(_seed, from, to, destination);
    }

    /// <inheritdoc/>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        _initial.Save(writer);
        writer.Write(_seed);
    }

    /// <inheritdoc/>
    public void Restore(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _initial.Restore(reader);
        _seed = reader.ReadUInt64();
    }

    private void RequireWithin(string name, double level)
    {
        double slack = Math.Max(1e-6, 1e-6 * _maximum);
        if (!(level >= _minimum - slack && level <= _maximum + slack))
        {
            throw new ArgumentOutOfRangeException(name, level, $"This path was made for noise levels from {_minimum} to {_maximum}.");
        }
    }
}
