using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers.Kernels;

/// <summary>
/// One step of a single-step scheduler as arithmetic:
/// <c>x_0 = clip(OriginalFromSample·x + OriginalFromPrediction·p)</c>, then
/// <c>x' = FromOriginal·x_0 + FromSample·x + FromPrediction·p + NoiseScale·z</c>.
/// </summary>
internal readonly record struct StepCoefficients
{
    // Stands for a zero where x_0 would be divided by it: x_0 becomes huge with the right sign, which clipping brings back into range.
    private const double SmallestSignal = 1e-20;

    public required double OriginalFromSample { get; init; }

    public required double OriginalFromPrediction { get; init; }

    public double FromOriginal { get; init; }

    public double FromSample { get; init; }

    public double FromPrediction { get; init; }

    public double NoiseScale { get; init; }

    /// <summary>The x_0 that a prediction implies where the share ᾱ of the signal is left.</summary>
    public static StepCoefficients ForOriginal(PredictionType type, float alphaBar)
    {
        double signal = Math.Sqrt(alphaBar);
        double sigma = Math.Sqrt(1 - alphaBar);
        double divisor = Math.Max(signal, SmallestSignal);
        return type switch
        {
            PredictionType.Epsilon => new() { OriginalFromSample = 1 / divisor, OriginalFromPrediction = -sigma / divisor },
            PredictionType.Sample => new() { OriginalFromSample = 0, OriginalFromPrediction = 1 },
            PredictionType.Velocity => new() { OriginalFromSample = signal, OriginalFromPrediction = -sigma },
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown prediction type."),
        };
    }
}
