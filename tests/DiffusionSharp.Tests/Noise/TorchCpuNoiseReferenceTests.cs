using DiffusionSharp.Noise;

namespace DiffusionSharp.Tests.Noise;

/// <summary>The vectorised kernels against plain scalar code, far beyond the recorded values.</summary>
public class TorchCpuNoiseReferenceTests
{
    // What single precision costs, at most: 2.4e-6 by the rounding of 2·pi·u times the largest radius 5.8, the rest by sine, cosine and
    // radius; PyTorch's own kernels differ as much.
    private const double Tolerance = 4e-6;

    [Fact]
    public void A_draw_of_any_length_follows_the_definition()
    {
        var random = new Random(1);
        for (int length = 0; length <= 200; length++)
        {
            AssertDraws((ulong)random.NextInt64(long.MinValue, long.MaxValue), [length]);
        }

        foreach (int length in (int[])[623, 624, 625, 768, 1247, 1248, 1249, 12288, 16384, 49152, 100_003])
        {
            AssertDraws((ulong)random.NextInt64(long.MinValue, long.MaxValue), [length]);
        }
    }

    [Fact]
    public void Draws_of_any_kind_and_length_follow_each_other_by_the_definition()
    {
        var random = new Random(2);
        for (int run = 0; run < 200; run++)
        {
            var lengths = new int[20];
            for (int i = 0; i < lengths.Length; i++)
            {
                lengths[i] = random.Next(4) switch { 0 => random.Next(1500), 1 => random.Next(16, 48), _ => random.Next(16) };
            }

            AssertDraws((ulong)random.NextInt64(long.MinValue, long.MaxValue), lengths, random);
        }
    }

    [Fact]
    public void The_vector_path_has_the_bits_of_the_scalar_path()
    {
        // both ends and every 37th of the 2^24 uniform values, 37 being odd so that they meet all angles and radii
        const int Last = (1 << 24) - 1;
        List<int> grid = [0, 1, 2, Last - 2, Last - 1, Last];
        for (int k = 0; k <= Last || grid.Count % 8 != 0; k += 37)
        {
            grid.Add(k % (Last + 1));
        }

        var actual = new float[grid.Count * 2];
        var expected = new float[actual.Length];
        for (int i = 0; i < grid.Count; i++)
        {
            int first = (i / 8 * BoxMuller.BlockLength) + (i % 8);
            float u1 = MathF.ScaleB(grid[i], -24);
            float u2 = MathF.ScaleB(grid[grid.Count - 1 - i], -24);
            (actual[first], actual[first + 8]) = (u1, u2);

            float radius = MathF.Sqrt(-2 * ReferenceCephes.Log(1 - u1));
            float angle = 2 * MathF.PI * u2;
            (expected[first], expected[first + 8]) = ((radius * ReferenceCephes.Cos(angle)) + 0f, (radius * ReferenceCephes.Sin(angle)) + 0f);
        }

        BoxMuller.Transform(actual);
        TorchRngVectors.AssertSameBits(expected, actual);
    }

    [Fact]
    public void A_radius_of_zero_gives_positive_zeros()
    {
        // torch 1.13.1 with the generator's state set so that it draws these: +0 in all quadrants, where sqrt(-2·0) times the cosine is -0 or 0
        float[] values = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0.125f, 0.25f, 0.375f, 0.5f, 0.625f, 0.75f, 0.875f];
        BoxMuller.Transform(values);
        TorchRngVectors.AssertSameBits(new float[16], values);
    }

    private static void AssertDraws(ulong seed, int[] lengths, Random? kinds = null)
    {
        var noise = new TorchCpuNoise(seed);
        var reference = new ReferenceTorchRandom(seed);
        foreach (int length in lengths)
        {
            var actual = new float[length];
            bool uniform = kinds?.Next(3) == 0;
            double[] expected = uniform ? reference.Rand(length) : reference.RandN(length);
            if (uniform)
            {
                noise.FillUniform(actual);
            }
            else
            {
                noise.Fill(actual);
            }

            // uniform values are exact; fewer than 16 normal ones are computed in double and rounded once, by at most 2^-22 below 8
            double tolerance = uniform ? 0 : length < BoxMuller.BlockLength ? 2.4e-7 : Tolerance;
            for (int i = 0; i < length; i++)
            {
                if (!(Math.Abs(expected[i] - actual[i]) <= tolerance))
                {
                    Assert.Fail($"Seed {seed}, draw of {length}, value {i}: {actual[i]:G9} instead of {expected[i]:G9}.");
                }
            }
        }
    }
}
