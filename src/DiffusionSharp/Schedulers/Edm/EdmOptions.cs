using DiffusionSharp.Prediction;

namespace DiffusionSharp.Schedulers;

/// <summary>What schedulers for models trained as EDM have in common. Symbols and defaults are those of arXiv:2206.00364, table 1.</summary>
public abstract record EdmOptions
{
    /// <summary>σ_min, the smallest noise level at which the model is asked; positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SigmaMin { get; init => field = OptionValue.Positive(value); } = 0.002;

    /// <summary>σ_max, the noise level that a generation starts from; positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SigmaMax { get; init => field = OptionValue.Positive(value); } = 80;

    /// <summary>σ_data, the standard deviation of the data that the model was trained with; positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SigmaData { get; init => field = OptionValue.Positive(value); } = 0.5;

    /// <summary>ρ of Karras spacing, positive: the larger, the more steps at low noise (eq. 5).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double Rho { get; init => field = OptionValue.Positive(value); } = 7;

    /// <summary>How noise levels are spread: <see cref="SigmaSpacing.Karras"/>, the default, or <see cref="SigmaSpacing.Exponential"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Another spacing.</exception>
    public SigmaSpacing SigmaSpacing
    {
        get;
        init => field = value is SigmaSpacing.Karras or SigmaSpacing.Exponential
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The sigma spacing must be Karras or Exponential.");
    } = SigmaSpacing.Karras;

    /// <summary>
    /// What F_θ means: x_0 is <c>c_skip·x + c_out·F</c> for <see cref="PredictionType.Epsilon"/>, the default, and
    /// <c>c_skip·x - c_out·F</c> for <see cref="PredictionType.Velocity"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Another prediction type.</exception>
    public PredictionType PredictionType
    {
        get;
        init => field = value is PredictionType.Epsilon or PredictionType.Velocity
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The prediction type must be Epsilon or Velocity.");
    } = PredictionType.Epsilon;

    /// <summary>What is done to the predicted x_0. Nothing by default.</summary>
    public SampleClipping Clipping { get; init; } = SampleClipping.None;

    /// <summary>The noise level that the last step goes to; with <see cref="FinalSigma.SigmaMin"/> it stands still.</summary>
    public FinalSigma FinalSigma { get; init; } = FinalSigma.Zero;

    /// <summary>c_noise, where the model is asked at a noise level.</summary>
    internal virtual double TimestepOf(double sigma) => 0.25 * Math.Log(sigma);
}
