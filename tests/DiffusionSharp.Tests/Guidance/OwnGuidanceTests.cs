using DiffusionSharp.Guidance;

namespace DiffusionSharp.Tests.Guidance;

/// <summary>Guidances that somebody writes from a paper, at most 40 lines each, draw what the library's own draw.</summary>
public class OwnGuidanceTests
{
    [Theory]
    [InlineData(-0.5f, 15)]
    [InlineData(0.3f, 0.5f)]
    public void Projected_with_momentum(float momentum, float limit) =>
        AssertSame(new AdaptiveProjectedGuidance { Momentum = momentum, NormLimit = limit }, new OwnProjectedGuidance(momentum, limit));

    [Fact]
    public void Perpendicular_negative() => AssertSame(new PerpendicularNegativeGuidance(), new OwnPerpendicularGuidance());

    private static void AssertSame(IGuidance library, IGuidance own)
    {
        using DiffusionPipeline expected = KnownGuidances.Builder("classifier-free").UseGuidance(library).Build();
        using DiffusionPipeline actual = expected.ToBuilder().UseGuidance(own).Build();
        float[] latents = expected.Generate(KnownGuidances.Request).Latents.Values().ToArray();
        float most = latents.Max(Math.Abs);
        Assert.All(latents.Zip(actual.Generate(KnownGuidances.Request).Latents.Values().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * most));
    }
}
