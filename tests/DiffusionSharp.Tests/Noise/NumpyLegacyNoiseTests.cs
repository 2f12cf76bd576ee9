using System.Text.Json;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Tests.Noise;

public class NumpyLegacyNoiseTests
{
    [Fact]
    public void Draws_are_those_of_NumPy()
    {
        foreach (JsonElement record in NoiseReferences.Of("legacy"))
        {
            var actual = new float[record.GetProperty("count").GetInt32()];

            new NumpyLegacyNoise(record.GetProperty("seed").GetInt64()).Fill(actual);

            TorchRngVectors.AssertSameBits(TorchRngVectors.Floats(record.GetProperty("first16")), actual.AsSpan(0, 16));
            TorchRngVectors.AssertSameBits(TorchRngVectors.Floats(record.GetProperty("last4")), actual.AsSpan(^4));
            Assert.Equal(record.GetProperty("sum").GetDouble(), actual.Sum(v => (double)v), 1e-9);
        }
    }

    [Fact]
    public void A_draw_may_be_divided_anyhow()
    {
        var whole = new float[101];
        new NumpyLegacyNoise(5).Fill(whole);
        var parts = new float[101];
        var noise = new NumpyLegacyNoise(5);
        noise.Fill(parts.AsSpan(0, 33));
        noise.Fill([]);
        noise.Fill(parts.AsSpan(33));

        Assert.Equal(whole, parts);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1L << 32)]
    public void A_seed_that_NumPy_refuses_is_refused(long seed) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(seed), () => new NumpyLegacyNoise(seed));
}
