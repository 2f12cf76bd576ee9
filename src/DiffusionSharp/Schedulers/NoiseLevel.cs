namespace DiffusionSharp.Schedulers;

/// <summary>
/// What a scheduler knows of a model call, in the coordinates of the model's input: how much signal and noise is in it, and which clean sample
/// a prediction implies. A linear form in place of a <see cref="Prediction.PredictionType"/>, because it covers all of them, and EDM,
/// consistency and score models too.
/// </summary>
public readonly record struct NoiseLevel
{
    /// <summary>What the model is asked at, in its own units: a training timestep, whole or fractional, or what stands for it, such as log(σ)/4.</summary>
    public required double Timestep { get; init; }

    /// <summary>α in <c>input = α·x_0 + σ·ε</c>; 0 where nothing of the signal is left.</summary>
    public required double Alpha { get; init; }

    /// <summary>σ in <c>input = α·x_0 + σ·ε</c>; 0 for a clean sample.</summary>
    public required double Sigma { get; init; }

    /// <summary>c in <c>input = c·sample</c>; 1 for variance-preserving schedulers.</summary>
    public required double InputScale { get; init; }

    /// <summary>a in <c>x_0 = a·input + b·prediction</c>; of a noise prediction where α is 0 a huge number, as x_0 is then unknown.</summary>
    public required double FromInput { get; init; }

    /// <summary>b in <c>x_0 = a·input + b·prediction</c>; 0 where the prediction does not matter.</summary>
    public required double FromPrediction { get; init; }

    /// <summary>
    /// w in <c>prediction + w·∇log p(y | input)</c>, which moves the prediction by the gradient of a classifier (Dhariwal &amp; Nichol 2021,
    /// arXiv:2105.05233, algorithm 2): <c>σ²/(α·b)</c>, -σ for noise predictions. 0 where α is 0, for noise alone says nothing about y, and where b is 0.
    /// </summary>
    public double ScoreWeight => Alpha == 0 || FromPrediction == 0 ? 0 : Sigma * Sigma / (Alpha * FromPrediction);

    /// <summary>The level of a sample <c>alpha·x_0 + sigma·ε</c>, and of an x_0 that follows from the sample, before it is scaled for the model.</summary>
    internal static NoiseLevel OfSample(double timestep, double alpha, double sigma, StepCoefficients original, double inputScale = 1) => new()
    {
        Timestep = timestep,
        Alpha = alpha * inputScale,
        Sigma = sigma * inputScale,
        InputScale = inputScale,
        FromInput = original.ModelFromSample / inputScale,
        FromPrediction = original.ModelFromPrediction,
    };
}
