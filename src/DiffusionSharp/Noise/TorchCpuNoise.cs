namespace DiffusionSharp.Noise;

/// <summary>
/// The normal and uniform values of PyTorch's CPU generator: the same seed and the same draws give the same noise as
/// <c>torch.Generator().manual_seed(seed)</c>, and so the same picture as a PyTorch pipeline.
/// </summary>
/// <remarks>
/// <para>
/// The values are those of <c>torch.randn</c> and <c>torch.rand</c> in float32, bit for bit as an x86 CPU with AVX2 computes them in
/// PyTorch, whatever CPU this runs on. PyTorch itself differs by up to 2.1e-6 on CPUs without AVX2. PyTorch's CUDA generators and its
/// float16 noise are other streams.
/// </para>
/// <para>
/// As in PyTorch, what a draw gives depends on its length, and not only on what was drawn before: fewer than 16 normal values are
/// computed another way than more, and two draws give the same values as one of their joint length only if the first is a multiple of
/// 16 long. Draw an image in one call.
/// </para>
/// <para>Not thread-safe: one source per image.</para>
/// <para>
/// Sources: Matsumoto and Nishimura 1998 (MT19937), Box and Muller 1958 (normal from uniform values), Moshier's Cephes library (single-precision
/// logarithm, sine and cosine).
/// </para>
/// </remarks>
public sealed class TorchCpuNoise : INoiseSource
{
    private const int BlockLength = BoxMuller.BlockLength;

    private readonly Mt19937 _generator;
    private double? _kept;

    /// <summary>Starts the stream of a seed.</summary>
    /// <param name="seed">Any value. As in PyTorch only its low 32 bits matter: seeds 2^32 apart give the same stream.</param>
    public TorchCpuNoise(ulong seed) => _generator = new Mt19937((uint)seed);

    /// <summary>Starts the stream of a signed seed.</summary>
    /// <param name="seed">Any value. A negative one means its two's complement, as in <c>torch.manual_seed(-1)</c>.</param>
    public TorchCpuNoise(long seed)
        : this(unchecked((ulong)seed))
    {
    }

    /// <summary>Fills the destination with normal values of mean 0 and variance 1: <c>torch.randn(n)</c>.</summary>
    /// <param name="destination">Any length. One call is one draw; an empty one leaves the stream where it is.</param>
    public void Fill(Span<float> destination)
    {
        if (destination.Length >= BlockLength)
        {
            FillBlocks(destination);
        }
        else
        {
            foreach (ref float value in destination)
            {
                value = (float)NextNormal();
            }
        }
    }

    /// <summary>Fills the destination with uniform values in [0, 1), multiples of 2^-24: <c>torch.rand(n)</c>.</summary>
    /// <param name="destination">Any length; an empty one leaves the stream where it is.</param>
    public void FillUniform(Span<float> destination) => _generator.FillUniform(destination);

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

    /// <summary>Starts the stream of another seed in the same memory.</summary>
    internal void Restart(uint seed)
    {
        _generator.Restart(seed);
        _kept = null;
    }

    private void FillBlocks(Span<float> destination)
    {
        _generator.FillUniform(destination);
        int tail = destination.Length % BlockLength;
        BoxMuller.Transform(destination[..^tail]);
        if (tail > 0)
        {
            // the tail gets a block of new values, which overwrites the end of the last whole one
            Span<float> last = destination[^BlockLength..];
            _generator.FillUniform(last);
            BoxMuller.Transform(last);
        }
    }

    private double NextNormal()
    {
        // the second value of a pair belongs to the stream: it outlives the call and draws of other kinds
        if (_kept is { } kept)
        {
            _kept = null;
            return kept;
        }

        (double first, _kept) = BoxMuller.Transform(u1: _generator.NextDouble(), u2: _generator.NextDouble());
        return first;
    }
}
