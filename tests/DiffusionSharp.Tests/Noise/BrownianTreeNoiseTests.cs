using System.Text.Json;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Tests.Noise;

public class BrownianTreeNoiseTests
{
    [Fact]
    public void The_noise_between_two_levels_has_the_bits_of_torchsde()
    {
        foreach (JsonElement record in NoiseReferences.Of("brownian"))
        {
            var noise = new BrownianTreeNoise(record.GetProperty("seed").GetInt64(), record.GetProperty("start").GetDouble(), record.GetProperty("end").GetDouble());
            foreach (JsonElement query in record.GetProperty("queries").EnumerateArray())
            {
                var actual = new float[record.GetProperty("size").GetInt32()];

                noise.FillBetween(query.GetProperty("from").GetDouble(), query.GetProperty("to").GetDouble(), actual);

                TorchRngVectors.AssertSameBits(TorchRngVectors.Floats(query.GetProperty("values")), actual, query.ToString());
            }
        }
    }

    [Fact]
    public void Steps_of_any_size_follow_one_path()
    {
        var noise = new BrownianTreeNoise(3, 0, 16);
        var whole = new float[1000];
        noise.FillBetween(9, 1, whole);

        foreach (double[] levels in (double[][])[[9, 5, 1], [9, 8.25, 4.7, 3.3, 1], [9, 1.000003, 1]])
        {
            var sum = new double[whole.Length];
            var part = new float[whole.Length];
            for (int i = 1; i < levels.Length; i++)
            {
                noise.FillBetween(levels[i - 1], levels[i], part);
                for (int k = 0; k < sum.Length; k++)
                {
                    sum[k] += part[k] * Math.Sqrt(levels[i - 1] - levels[i]);
                }
            }

            Assert.All(sum.Zip(whole), pair => Assert.Equal(pair.Second * Math.Sqrt(8), pair.First, 1e-4));
        }
    }

    [Fact]
    public void Increments_are_standard_normal_and_independent()
    {
        const int Count = 100_000;
        var noise = new BrownianTreeNoise(11, 0, 16);
        var first = new float[Count];
        var second = new float[Count];
        noise.FillBetween(7.7, 3.3, first);
        noise.FillBetween(3.3, 0.1, second);

        // five standard errors
        double error = 5 / Math.Sqrt(Count);
        Assert.Equal(0, first.Average(v => (double)v), error);
        Assert.Equal(1, first.Average(v => (double)v * v), error * Math.Sqrt(2));
        Assert.Equal(1, second.Average(v => (double)v * v), error * Math.Sqrt(2));
        Assert.Equal(0, first.Zip(second).Average(p => (double)p.First * p.Second), error);
    }

    [Fact]
    public void A_generation_starts_from_the_noise_of_PyTorch()
    {
        var expected = new float[100];
        new TorchCpuNoise(8L).Fill(expected);
        var actual = new float[100];
        new BrownianTreeNoise(8).Fill(actual);

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Nothing_is_allocated_once_the_path_is_there()
    {
        var noise = new BrownianTreeNoise(0);
        var values = new float[256];
        noise.FillBetween(3, 2, values);

        Assert.Equal(0, AllocatedBytes.LeastOf(3, () => noise.FillBetween(14.6, 0.0312345, values)));
    }

    [Fact]
    public void Levels_outside_of_the_path_are_refused()
    {
        var noise = new BrownianTreeNoise(0, 1, 2);

        Assert.Throws<ArgumentOutOfRangeException>("from", () => noise.FillBetween(3, 1, new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>("to", () => noise.FillBetween(2, double.NaN, new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>("minimum", () => new BrownianTreeNoise(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>("maximum", () => new BrownianTreeNoise(0, 2, 2));
    }
}
