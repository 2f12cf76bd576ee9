namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="ScoreSdeVeScheduler"/>. Symbols are those of arXiv:2011.13456; the defaults are those of its models of 1024 by 1024 faces.</summary>
public sealed record ScoreSdeVeOptions
{
    /// <summary>σ_min, the noise level at time 0, positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SigmaMin { get; init => field = OptionValue.Positive(value); } = 0.01;

    /// <summary>σ_max, the noise level at time 1 that a generation starts from, positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SigmaMax { get; init => field = OptionValue.Positive(value); } = 1348;

    /// <summary>r, the ratio of score to noise in a corrector step, positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SignalToNoise { get; init => field = OptionValue.Positive(value); } = 0.15;

    /// <summary>ε, the time in (0, 1) of the last step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside (0, 1).</exception>
    public double End
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The time of the last step must be in (0, 1).");
    } = 1e-5;

    /// <summary>M, corrector steps before each predictor step, at least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int CorrectorSteps
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    } = 1;
}
