using DiffusionSharp.Guidance;

namespace DiffusionSharp.Tests;

/// <summary>Predictions as guidance hands them on.</summary>
internal static class Guided
{
    /// <summary>Classifier-free guidance <c>u + w·(c - u)</c> of all pictures.</summary>
    public static GuidedPrediction By(float scale, ReadOnlySpan<float> conditional, ReadOnlySpan<float> unconditional) => By(Weights(scale), conditional, unconditional);

    /// <summary>The same without allocating.</summary>
    public static GuidedPrediction By(double[] weights, ReadOnlySpan<float> conditional, ReadOnlySpan<float> unconditional) => new()
    {
        Conditional = conditional,
        Unconditional = unconditional,
        ConditionalWeights = weights.AsSpan(0, 1),
        UnconditionalWeights = weights.AsSpan(1),
    };

    /// <summary>w and 1 - w.</summary>
    public static double[] Weights(float scale) => [scale, 1 - scale];
}
