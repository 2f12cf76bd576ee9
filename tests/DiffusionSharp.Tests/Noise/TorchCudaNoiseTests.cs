using DiffusionSharp.Noise;

namespace DiffusionSharp.Tests.Noise;

public class TorchCudaNoiseTests
{
    // The known answers that the authors publish with Random123 (kat_vectors, philox4x32 10).
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_gives_its_known_answers(uint x, uint y, uint z, uint w, uint key0, uint key1, uint a, uint b, uint c, uint d) =>
        Assert.Equal((a, b, c, d), Philox4x32.Generate((x, y, z, w), key0, key1));

    // torch.cuda.manual_seed(0); torch.randn(12, device="cuda"), as printed with eight decimals by several projects that imitate it.
    [Fact]
    public void Seed_0_gives_the_values_that_PyTorch_prints()
    {
        double[] expected =
        [
            -0.92466259, -0.42534415, -2.6438457, 0.14518388, -0.12086647, -0.57972564, -0.62285122, -0.32838709, -1.07454231, -0.36314407, -1.67105067, 2.26550497,
        ];
        var actual = new float[expected.Length];

        new TorchCudaNoise(0).Fill(actual);

        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Theory]
    [InlineData(1, 1, 256)]
    [InlineData(255, 1, 256)]
    [InlineData(3000, 1, 256)]
    [InlineData(4096, 2, 1536)]
    [InlineData(20_011, 2, 1536)]
    [InlineData(30_000, 5, 1024)]
    public void A_draw_of_any_size_is_what_the_threads_of_the_GPU_make(int count, int multiprocessors, int threads)
    {
        const long Seed = 0x123456789ABCDEF;
        var noise = new TorchCudaNoise(Seed, new CudaDevice(multiprocessors, threads));
        ulong offset = 0;
        for (int draw = 0; draw < 3; draw++)
        {
            var actual = new float[count];
            noise.Fill(actual);
            (double[] expected, offset) = Launch(count, (ulong)Seed, offset, multiprocessors, threads);
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-6));
        }
    }

    [Fact]
    public void The_high_half_of_a_seed_counts_and_a_negative_one_is_its_complement()
    {
        Assert.NotEqual(Draw(1), Draw(1 + (1L << 32)));
        Assert.Equal(Launch(4, ulong.MaxValue, 0, 108, 2048).Values, Draw(-1).Select(v => (double)v), (e, a) => Math.Abs(e - a) < 2e-6);
    }

    [Fact]
    public void The_device_matters_to_large_draws_only()
    {
        Assert.Equal(Draw(3, 40 * 1024, CudaDevice.T4), Draw(3, 40 * 1024, CudaDevice.A100));
        Assert.NotEqual(Draw(3, (40 * 1024) + 1, CudaDevice.T4), Draw(3, (40 * 1024) + 1, CudaDevice.A100));
        Assert.Throws<ArgumentOutOfRangeException>("Multiprocessors", () => new CudaDevice(0, 2048));
        Assert.Throws<ArgumentOutOfRangeException>("ThreadsPerMultiprocessor", () => new CudaDevice(1, 255));
    }

    [Fact]
    public void An_empty_draw_leaves_the_stream_and_nothing_is_allocated()
    {
        var noise = new TorchCudaNoise(9);
        noise.Fill([]);
        var values = new float[1000];
        noise.Fill(values);
        Assert.Equal(Draw(9, 1000), values);

        Assert.Equal(0, AllocatedBytes.LeastOf(3, () => noise.Fill(values)));
    }

    private static float[] Draw(long seed, int count = 4, CudaDevice? device = null)
    {
        var values = new float[count];
        new TorchCudaNoise(seed, device).Fill(values);
        return values;
    }

    // PyTorch's launch of the kernel, thread by thread: grid of blocks of 256, four values a call, strides of the whole grid.
    private static (double[] Values, ulong Offset) Launch(int count, ulong seed, ulong offset, int multiprocessors, int threadsPerMultiprocessor)
    {
        int grid = Math.Min(multiprocessors * (threadsPerMultiprocessor / 256), (count + 255) / 256);
        int total = grid * 256;
        int rounded = (((count - 1) / (total * 4)) + 1) * total * 4;
        var values = new double[count];
        for (int thread = 0; thread < total; thread++)
        {
            ulong counter = offset / 4;
            for (int start = thread; start < rounded; start += total * 4, counter++)
            {
                (uint x, uint y, uint z, uint w) = Philox4x32.Generate(((uint)counter, (uint)(counter >> 32), (uint)thread, 0), (uint)seed, (uint)(seed >> 32));
                double[] four = [Radius(x) * Math.Sin(Angle(y)), Radius(x) * Math.Cos(Angle(y)), Radius(z) * Math.Sin(Angle(w)), Radius(z) * Math.Cos(Angle(w))];
                for (int k = 0; k < 4; k++)
                {
                    if (start + (k * total) is var i && i < count)
                    {
                        values[i] = four[k];
                    }
                }
            }
        }

        return (values, offset + (4 * (ulong)(((count - 1) / (total * 4)) + 1)));
    }

    // The uniform value is a float32 there: near 1 its rounding is most of the result.
    private static double Radius(uint word) => Math.Sqrt(-2 * Math.Log((word * (1f / (1L << 32))) + (1f / (1L << 33))));

    private static double Angle(uint word) => 2 * Math.PI * (word + 0.5) / (1L << 32);
}
