using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Sampling;

internal static class OptimalPrediction
{
    /// <summary>What a model of some prediction type says when it takes x_0 and ε for these.</summary>
    public static double Of(PredictionType type, double alphaBar, double original, double noise) => type switch
    {
        PredictionType.Epsilon => noise,
        PredictionType.Sample => original,
        PredictionType.Velocity => (Math.Sqrt(alphaBar) * noise) - (Math.Sqrt(1 - alphaBar) * original),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
