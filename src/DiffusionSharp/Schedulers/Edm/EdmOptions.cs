using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>What schedulers for models trained as EDM have in common. Symbols and defaults are those of arXiv:2206.00364, table 1.</summary>
public abstract record EdmOptions
{
    private readonly double _sigmaMin = 0.002;
    private readonly double _sigmaMax = 80;
    private readonly double _sigmaData = 0.5;
    private readonly double _rho = 7;
    private readonly SigmaSpacing _sigmaSpacing = SigmaSpacing.Karras;
    private readonly PredictionType _predictionType = PredictionType.Epsilon;

    /// <summary>σ_min, the smallest noise level at which the model is asked; positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SigmaMin
    {
        get => _sigmaMin;
        init => _sigmaMin = OptionValue.Positive(value);
    }

    /// <summary>σ_max, the noise level that a generation starts from; positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SigmaMax
    {
        get => _sigmaMax;
        init => _sigmaMax = OptionValue.Positive(value);
    }

    /// <summary>σ_data, the standard deviation of the data that the model was trained with; positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SigmaData
    {
        get => _sigmaData;
        init => _sigmaData = OptionValue.Positive(value);
    }

    /// <summary>ρ of Karras spacing, positive: the larger, the more steps at low noise (eq. 5).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double Rho
    {
        get => _rho;
        init => _rho = OptionValue.Positive(value);
    }

    /// <summary>How noise levels are spread: <see cref="SigmaSpacing.Karras"/>, the default, or <see cref="SigmaSpacing.Exponential"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Another spacing.</exception>
    public SigmaSpacing SigmaSpacing
    {
        get => _sigmaSpacing;
        init => _sigmaSpacing = value is SigmaSpacing.Karras or SigmaSpacing.Exponential
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The sigma spacing must be Karras or Exponential.");
    }

    /// <summary>
    /// What F_θ means: x_0 is <c>c_skip·x + c_out·F</c> for <see cref="PredictionType.Epsilon"/>, the default, and
    /// <c>c_skip·x - c_out·F</c> for <see cref="PredictionType.Velocity"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Another prediction type.</exception>
    public PredictionType PredictionType
    {
        get => _predictionType;
        init => _predictionType = value is PredictionType.Epsilon or PredictionType.Velocity
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The prediction type must be Epsilon or Velocity.");
    }

    /// <summary>What is done to the predicted x_0. Nothing by default.</summary>
    public SampleClipping Clipping { get; init; } = SampleClipping.None;

    /// <summary>The noise level that the last step goes to; with <see cref="FinalSigma.SigmaMin"/> it stands still.</summary>
    public FinalSigma FinalSigma { get; init; } = FinalSigma.Zero;

    /// <summary>c_noise, where the model is asked at a noise level.</summary>
    internal virtual double TimestepOf(double sigma) => 0.25 * Math.Log(sigma);
}
