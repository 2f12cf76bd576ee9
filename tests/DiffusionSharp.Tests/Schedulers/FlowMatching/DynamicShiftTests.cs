using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers.FlowMatching;

public class DynamicShiftTests
{
    [Theory]
    [InlineData(256, 0.5)]
    [InlineData(4096, 1.15)]
    [InlineData(2176, 0.825)] // halfway
    [InlineData(8192, 1.8433333333333333)] // the line goes on: 0.5 + 0.65·(8192 - 256)/3840
    public void Mu_is_a_line_over_the_tokens(int tokens, double mu) => Assert.Equal(mu, new DynamicShift().Mu(tokens), 1e-12);

    [Fact]
    public void Tokens_are_squares_of_latents() => Assert.Equal(new DynamicShift().Mu(64 * 48), new DynamicShift().Mu(new SampleShape(3, 16, 128, 96)));

    [Fact]
    public void What_gives_no_line_is_refused()
    {
        Assert.Contains("Mu", Assert.Throws<InvalidOperationException>(() => new DynamicShift { BaseTokens = 9, MaxTokens = 9 }.Mu(5)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DynamicShift().Mu(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DynamicShift().Mu(new SampleShape(1, 4, 1, 8)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DynamicShift { PatchSize = 0 });
    }
}
