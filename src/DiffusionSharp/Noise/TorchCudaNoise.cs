using System.Runtime.Intrinsics;

namespace DiffusionSharp.Noise;

/// <summary>
/// The normal values of PyTorch's CUDA generator: what <c>torch.randn(n, device="cuda")</c> gives in float32 after
/// <c>torch.cuda.manual_seed(seed)</c>, computed on the CPU. For pictures that were made with a generator on the GPU.
/// </summary>
/// <remarks>
/// <para>
/// Each GPU thread has a stream of Philox4x32-10 (Salmon et al. 2011, SC '11) and makes four normal values at a time from it (Box and Muller
/// 1958). How many threads a draw uses depends on the GPU, so draws above <see cref="CudaDevice.Threads"/> values do too; smaller ones,
/// such as the latents of one picture of up to about 1024x1024, are the same on every recent GPU.
/// </para>
/// <para>GPUs compute the logarithm and the sine with fast approximations: the last bits differ, by 1e-6 or so.</para>
/// <para>Not thread-safe: one source per image.</para>
/// </remarks>
public sealed class TorchCudaNoise : INoiseSource
{
    private const int ValuesPerCall = 4;
    private const int Lanes = 8;
    private const float Unit = 1f / (1L << 32);

    private uint _key0;
    private uint _key1;
    private readonly int _largestGrid;
    private ulong _calls;

    /// <summary>Starts the stream of a seed.</summary>
    /// <param name="seed">Any value; all its 64 bits count. A negative one means its two's complement.</param>
    /// <param name="device">The GPU that is imitated; matters for large draws only. An A100 when null.</param>
    public TorchCudaNoise(long seed, CudaDevice? device = null)
    {
        (_key0, _key1) = ((uint)seed, (uint)(seed >> 32));
        _largestGrid = (device ?? CudaDevice.A100).Threads / CudaDevice.BlockSize;
    }

    /// <summary>Fills the destination with normal values of mean 0 and variance 1: <c>torch.randn(n, device="cuda")</c>.</summary>
    /// <param name="destination">Any length. One call is one draw; an empty one leaves the stream where it is.</param>
    public void Fill(Span<float> destination)
    {
        if (destination.IsEmpty)
        {
            return;
        }

        // thread i makes the values i, i + threads, i + 2·threads, i + 3·threads, then goes on four rows below
        int threads = CudaDevice.BlockSize * Math.Min(_largestGrid, ((destination.Length - 1) / CudaDevice.BlockSize) + 1);
        for (long first = 0; first < destination.Length; first += (long)ValuesPerCall * threads)
        {
            FillRows(destination[(int)first..], threads);
            _calls++;
        }
    }

    /// <inheritdoc/>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(_key0);
        writer.Write(_key1);
        writer.Write(_calls);
    }

    /// <inheritdoc/>
    public void Restore(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _key0 = reader.ReadUInt32();
        _key1 = reader.ReadUInt32();
        _calls = reader.ReadUInt64();
    }

    private void FillRows(Span<float> rows, int threads)
    {
        Span<uint> words = stackalloc uint[ValuesPerCall * Lanes];
        Span<float> normal = stackalloc float[ValuesPerCall * Lanes];
        int wanted = Math.Min(ValuesPerCall, ((rows.Length - 1) / threads) + 1);
        for (int thread = 0; thread < Math.Min(threads, rows.Length); thread += Lanes)
        {
            for (int lane = 0; lane < Lanes; lane++)
            {
                var counter = ((uint)_calls, (uint)(_calls >> 32), (uint)(thread + lane), 0u);
                (words[lane], words[Lanes + lane], words[(2 * Lanes) + lane], words[(3 * Lanes) + lane]) = Philox4x32.Generate(counter, _key0, _key1);
            }

            for (int row = 0; row < wanted; row += 2)
            {
                Pair(words.Slice(row * Lanes, 2 * Lanes), normal.Slice(row * Lanes, 2 * Lanes));
            }

            for (int row = 0; row < wanted; row++)
            {
                int start = (row * threads) + thread;
                int count = Math.Min(Lanes, rows.Length - start);
                if (count > 0)
                {
                    normal.Slice(row * Lanes, count).CopyTo(rows[start..]);
                }
            }
        }
    }

    /// <summary>Two rows of normal values from a row of radii and one of angles, in units of 2^-32 and centred in them.</summary>
    private static void Pair(ReadOnlySpan<uint> words, Span<float> normal)
    {
        Vector256<float> radius = (Vector256.ConvertToSingle(Vector256.Create(words[..Lanes])) * Unit) + Vector256.Create(Unit / 2);
        Vector256<float> angle = (Vector256.ConvertToSingle(Vector256.Create(words[Lanes..])) * (Unit * float.Tau)) + Vector256.Create(Unit * float.Tau / 2);
        Vector256<float> length = Vector256.Sqrt(CephesMath.Log(radius) * -2f);
        (Vector256<float> sin, Vector256<float> cos) = CephesMath.SinCos(angle);
        (length * sin).CopyTo(normal);
        (length * cos).CopyTo(normal[Lanes..]);
    }
}
