using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// One step as arithmetic over the sample x and the prediction p. First the quantity m that the scheduler works with (usually x_0),
/// <c>m = clip(ModelFromSample·x + ModelFromPrediction·p)</c>, then the next sample,
/// <c>x' = FromSample·x + FromBase·b + FromModel·m + FromPrediction·p + Σ History[k]·m_k + NoiseScale·z</c>, where m_k is m of k steps ago
/// (k = 1, 2, 3) and b is a base that is carried from step to step, <c>b = Base.FromSample·x + Base.FromBase·b' + Base.FromModel·m + Σ Base.History[k]·m_k + Base.FromNoise·z</c>.
/// </summary>
internal readonly record struct StepCoefficients
{
    // Stands for a zero where x_0 would be divided by it: x_0 becomes huge with the right sign, which clipping brings back into range.
    private const double SmallestSignal = 1e-20;

    public required double ModelFromSample { get; init; }

    public required double ModelFromPrediction { get; init; }

    /// <summary>Where m is not what is clipped (a noise of which x_0 is clipped): m from the sample and from the clipped x_0.</summary>
    public (double FromSample, double FromClipped)? AfterClipping { get; init; }

    public double FromSample { get; init; }

    /// <summary>How the base follows from the one before; kernels without a base ignore it.</summary>
    public BaseCoefficients Base { get; init; }

    public double FromBase { get; init; }

    public double FromModel { get; init; }

    public double FromPrediction { get; init; }

    public double FromHistory1 { get; init; }

    public double FromHistory2 { get; init; }

    public double FromHistory3 { get; init; }

    public double NoiseScale { get; init; }

    /// <summary>m is x_0, as a prediction implies it where the share ᾱ of the signal is left (variance-preserving).</summary>
    public static StepCoefficients ForOriginal(PredictionType type, float alphaBar) =>
        ForOriginal(type, Math.Sqrt(alphaBar), Math.Sqrt(1 - alphaBar));

    /// <summary>m is x_0, as a prediction implies it of <c>x = signal·x_0 + noise·ε</c>.</summary>
    public static StepCoefficients ForOriginal(PredictionType type, double signal, double noise)
    {
        double divisor = Math.Max(signal, SmallestSignal);
        return type switch
        {
            PredictionType.Epsilon => new() { ModelFromSample = 1 / divisor, ModelFromPrediction = -noise / divisor },
            PredictionType.Sample => new() { ModelFromSample = 0, ModelFromPrediction = 1 },
            PredictionType.Velocity => new() { ModelFromSample = signal, ModelFromPrediction = -noise },
            PredictionType.Flow => new() { ModelFromSample = 1, ModelFromPrediction = -noise },
            _ => throw new ArgumentOutOfRangeException(nameof(type), type, "This scheduler does not know the prediction type."),
        };
    }

    /// <summary>
    /// This step plus <paramref name="weight"/> times the noise ε that the prediction implies of <c>x = signal·x_0 + noise·ε</c>, before any clipping.
    /// </summary>
    public StepCoefficients AddNoiseEstimate(PredictionType type, double signal, double noise, double weight) => type switch
    {
        PredictionType.Epsilon => this with { FromPrediction = FromPrediction + weight },
        PredictionType.Sample => this with { FromSample = FromSample + (weight / noise), FromPrediction = FromPrediction - (weight * signal / noise) },
        PredictionType.Velocity => this with { FromSample = FromSample + (weight * noise), FromPrediction = FromPrediction + (weight * signal) },
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "This scheduler does not know the prediction type."),
    };
}
