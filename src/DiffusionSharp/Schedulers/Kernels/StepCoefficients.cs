using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>
/// One step as arithmetic over the sample x and the guided prediction p. First the quantity m that the scheduler works with (usually x_0),
/// <c>m = clip(ModelFromSample·x + ModelFromPrediction·p)</c>, then the next sample,
/// <c>x' = FromSample·x + FromBase·b + FromModel·m + FromPrediction·p + FromUnconditional·u + Σ FromHistory[k]·m_k + NoiseScale·z + FromScore·s</c>,
/// where u is the unconditional prediction alone, m_k is m of k steps ago (k = 1, 2, 3), z is noise, s is a score, and b is a base that is
/// carried from step to step. Weights that are not set are 0. Computed in double once per step, applied in float32.
/// </summary>
public readonly record struct StepCoefficients
{
    // Stands for a zero where x_0 would be divided by it: x_0 becomes huge with the right sign, which clipping brings back into range.
    private const double SmallestSignal = 1e-20;

    /// <summary>Weight of x in m.</summary>
    public required double ModelFromSample { get; init; }

    /// <summary>Weight of p in m.</summary>
    public required double ModelFromPrediction { get; init; }

    /// <summary>
    /// Where m is not what is clipped (a noise of which x_0 is clipped): m from the sample and from the clipped x_0. Takes a pass of its own, and a
    /// kernel with a history.
    /// </summary>
    public (double FromSample, double FromClipped)? AfterClipping { get; init; }

    /// <summary>Weight of x.</summary>
    public double FromSample { get; init; }

    /// <summary>How the base follows from the one before; kernels without a base ignore it.</summary>
    public BaseCoefficients Base { get; init; }

    /// <summary>Weight of the base b, as <see cref="Base"/> makes it in this step.</summary>
    public double FromBase { get; init; }

    /// <summary>Weight of m.</summary>
    public double FromModel { get; init; }

    /// <summary>Weight of p as it is, where it has one beside m.</summary>
    public double FromPrediction { get; init; }

    /// <summary>Weight of u, the unconditional prediction alone (CFG++, arXiv:2406.08070). The scheduler must say that it needs one.</summary>
    public double FromUnconditional { get; init; }

    /// <summary>Weight of m_1, m of the step before.</summary>
    public double FromHistory1 { get; init; }

    /// <summary>Weight of m_2.</summary>
    public double FromHistory2 { get; init; }

    /// <summary>Weight of m_3.</summary>
    public double FromHistory3 { get; init; }

    /// <summary>Weight of unit noise z.</summary>
    public double NoiseScale { get; init; }

    /// <summary>Weight of a score, where the scheduler knows what to do with one; null, the default, to refuse it.</summary>
    public double? FromScore { get; init; }

    /// <summary>m is x_0, as a prediction implies it of <c>x = signal·x_0 + noise·ε</c>.</summary>
    /// <param name="type">What the model predicts.</param>
    /// <param name="signal">The signal's scale; where it is 0, x_0 of a noise prediction is huge.</param>
    /// <param name="noise">The noise's scale.</param>
    /// <returns>The coefficients of m; all others are 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An unknown prediction type.</exception>
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

    /// <summary>m is x_0, as a prediction implies it where the share ᾱ of the signal is left (variance-preserving).</summary>
    internal static StepCoefficients ForOriginal(PredictionType type, float alphaBar) =>
        ForOriginal(type, Math.Sqrt(alphaBar), Math.Sqrt(1 - alphaBar));

    /// <summary>
    /// This step plus <paramref name="weight"/> times the noise ε that the prediction implies of <c>x = signal·x_0 + noise·ε</c>, before any clipping.
    /// </summary>
    /// <param name="type">What the model predicts: noise, x_0 or v.</param>
    /// <param name="signal">The signal's scale.</param>
    /// <param name="noise">The noise's scale.</param>
    /// <param name="weight">The weight of ε.</param>
    /// <returns>The step with it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Another prediction type.</exception>
    public StepCoefficients AddNoiseEstimate(PredictionType type, double signal, double noise, double weight) => type switch
    {
        PredictionType.Epsilon => this with { FromPrediction = FromPrediction + weight },
        PredictionType.Sample => this with { FromSample = FromSample + (weight / noise), FromPrediction = FromPrediction - (weight * signal / noise) },
        PredictionType.Velocity => this with { FromSample = FromSample + (weight * noise), FromPrediction = FromPrediction + (weight * signal) },
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "This scheduler does not know the prediction type."),
    };
}
