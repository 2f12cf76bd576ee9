using System.Text.Json;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Tests.Noise;

/// <summary>The same seed must give the same bits as PyTorch.</summary>
public class TorchCpuNoiseTests
{
    public static TheoryData<string, int> Draws()
    {
        var draws = new TheoryData<string, int>();
        foreach (string kind in (string[])["rand", "randn"])
        {
            for (int i = 0; i < TorchRngVectors.All.GetProperty(kind).GetArrayLength(); i++)
            {
                draws.Add(kind, i);
            }
        }

        return draws;
    }

    [Theory]
    [MemberData(nameof(Draws))]
    public void A_draw_has_the_bits_of_the_recorded_one(string kind, int record)
    {
        JsonElement expected = TorchRngVectors.All.GetProperty(kind)[record];
        var actual = new float[Count(expected)];
        Draw(new TorchCpuNoise(expected.GetProperty("seed").GetUInt64()), kind[^1] == 'n' ? 'n' : 'u', actual);

        if (expected.TryGetProperty("values", out JsonElement all))
        {
            TorchRngVectors.AssertSameBits(TorchRngVectors.Floats(all), actual);
        }
        else
        {
            TorchRngVectors.AssertSameBits(TorchRngVectors.Floats(expected.GetProperty("first16")), actual.AsSpan(0, 16));
            TorchRngVectors.AssertSameBits(TorchRngVectors.Floats(expected.GetProperty("last4")), actual.AsSpan(^4));

            // recorded with nine digits
            Assert.Equal(expected.GetProperty("abs_mean").GetDouble(), actual.Average(v => Math.Abs((double)v)), 1e-9);
        }

        double sum = expected.GetProperty("sum").GetDouble();
        Assert.Equal(sum, actual.Sum(v => (double)v), 1e-8 * Math.Max(1, Math.Abs(sum)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Calls_one_after_another_have_the_bits_of_the_recorded_ones(int record)
    {
        JsonElement sequence = TorchRngVectors.All.GetProperty("sequences")[record];
        var noise = new TorchCpuNoise(sequence.GetProperty("seed").GetUInt64());
        int i = 0;
        foreach (string call in sequence.GetProperty("calls").EnumerateArray().Select(c => c.GetString()!))
        {
            var actual = new float[int.Parse(call.AsSpan(1), provider: null)];
            Draw(noise, call[0], actual);
            TorchRngVectors.AssertSameBits(TorchRngVectors.Floats(sequence.GetProperty("values")[i++]), actual, call);
        }
    }

    [Fact]
    public void The_generator_is_MT19937()
    {
        foreach (JsonProperty record in TorchRngVectors.All.GetProperty("u32").EnumerateObject())
        {
            var generator = new Mt19937((uint)ulong.Parse(record.Name, provider: null));
            foreach (JsonElement output in record.Value.EnumerateArray())
            {
                Assert.Equal(output.GetUInt32(), generator.NextUInt32());
            }
        }
    }

    // Drawn with torch 1.13.1: randn(3), then the first and the last value of randn(19).
    [Theory]
    [InlineData(0UL, 1.5409961f, -0.2934289f, -2.1787894f, -0.35612836f, -0.2896677f)]
    [InlineData((1UL << 32) + 5, -0.48678076f, -0.6038216f, -0.55809623f, 0.25825164f, 0.548135f)]
    [InlineData(ulong.MaxValue - 1, -0.7472416f, 1.4467322f, -1.3540026f, -0.050847236f, 0.9314303f)]
    [InlineData(ulong.MaxValue, 1.219763f, -0.39297947f, 1.0230751f, 0.41425496f, 0.68181765f)]
    public void Seeds_of_all_sizes_draw_as_in_PyTorch(ulong seed, float first, float second, float third, float blockFirst, float blockLast)
    {
        var noise = new TorchCpuNoise(seed);
        var few = new float[3];
        var many = new float[19];
        noise.Fill(few);
        noise.Fill(many);
        TorchRngVectors.AssertSameBits([first, second, third, blockFirst, blockLast], [.. few, many[0], many[^1]]);
    }

    [Theory]
    [InlineData(-1, ulong.MaxValue)]
    [InlineData(-2, ulong.MaxValue - 1)]
    [InlineData(long.MinValue, 1UL << 63)]
    [InlineData(5, (1UL << 32) + 5)]
    public void A_signed_seed_is_its_twos_complement_of_which_32_bits_count(long seed, ulong same)
    {
        var expected = new float[40];
        var actual = new float[40];
        new TorchCpuNoise(same).Fill(expected);
        new TorchCpuNoise(seed).Fill(actual);
        TorchRngVectors.AssertSameBits(expected, actual);
    }

    [Fact]
    public void An_empty_draw_leaves_the_stream_where_it_is()
    {
        var noise = new TorchCpuNoise(0);
        var actual = new float[4];
        noise.Fill([]);
        noise.FillUniform([]);
        noise.Fill(actual.AsSpan(0, 1));
        noise.Fill([]);
        noise.Fill(actual.AsSpan(1, 3));
        TorchRngVectors.AssertSameBits(TorchRngVectors.Floats(TorchRngVectors.All.GetProperty("randn")[1].GetProperty("values")), actual);
    }

    [Fact]
    public void Draws_join_only_at_multiples_of_16()
    {
        var whole = new float[96];
        new TorchCpuNoise(7).Fill(whole);
        Assert.Equal(whole, Parts(48));
        Assert.Equal(whole, Parts(16));
        Assert.NotEqual(whole, Parts(47));

        static float[] Parts(int length)
        {
            var noise = new TorchCpuNoise(7);
            var values = new float[96];
            noise.Fill(values.AsSpan(0, length));
            noise.Fill(values.AsSpan(length));
            return values;
        }
    }

    [Fact]
    public void A_million_normal_values_have_the_moments_of_the_normal_distribution()
    {
        var values = new float[1_000_000];
        new TorchCpuNoise(2024).Fill(values);

        // five standard errors of each moment: sqrt(1/n), sqrt(2/n), sqrt(6/n), sqrt(24/n)
        Assert.Equal(0, Moment(1), 0.005);
        Assert.Equal(1, Moment(2), 0.007);
        Assert.Equal(0, Moment(3), 5 * Math.Sqrt(15e-6));
        Assert.Equal(3, Moment(4), 5 * Math.Sqrt(96e-6));

        double Moment(int power) => values.Average(v => Math.Pow(v, power));
    }

    [Fact]
    public void Drawing_allocates_nothing()
    {
        var noise = new TorchCpuNoise(0);
        var batch = new PerImageNoise(new TorchCpuNoise(1), new TorchCpuNoise(2));
        var values = new float[2000];
        Assert.Equal(0, AllocatedBytes.LeastOf(5, DrawAll));

        void DrawAll()
        {
            noise.Fill(values);
            noise.Fill(values.AsSpan(0, 7));
            noise.Fill(values.AsSpan(0, 1999));
            noise.FillUniform(values);
            batch.Fill(values);
        }
    }

    private static int Count(JsonElement record) => record.TryGetProperty("n", out JsonElement n)
        ? n.GetInt32()
        : record.GetProperty("shape").EnumerateArray().Aggregate(1, (product, extent) => product * extent.GetInt32());

    private static void Draw(TorchCpuNoise noise, char kind, Span<float> destination)
    {
        if (kind == 'n')
        {
            noise.Fill(destination);
        }
        else
        {
            noise.FillUniform(destination);
        }
    }
}
