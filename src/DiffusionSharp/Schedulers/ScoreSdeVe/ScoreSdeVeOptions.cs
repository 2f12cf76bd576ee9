namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="ScoreSdeVeScheduler"/>. Symbols are those of arXiv:2011.13456; the defaults are those of its models of 1024 by 1024 faces.</summary>
public sealed record ScoreSdeVeOptions
{
    private readonly double _sigmaMin = 0.01;
    private readonly double _sigmaMax = 1348;
    private readonly double _signalToNoise = 0.15;
    private readonly double _end = 1e-5;
    private readonly int _correctorSteps = 1;

    /// <summary>σ_min, the noise level at time 0, positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SigmaMin
    {
        get => _sigmaMin;
        init => _sigmaMin = OptionValue.Positive(value);
    }

    /// <summary>σ_max, the noise level at time 1 that a generation starts from, positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SigmaMax
    {
        get => _sigmaMax;
        init => _sigmaMax = OptionValue.Positive(value);
    }

    /// <summary>r, the ratio of score to noise in a corrector step, positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SignalToNoise
    {
        get => _signalToNoise;
        init => _signalToNoise = OptionValue.Positive(value);
    }

    /// <summary>ε, the time in (0, 1) of the last step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside (0, 1).</exception>
    public double End
    {
        get => _end;
        init => _end = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The time of the last step must be in (0, 1).");
    }

    /// <summary>M, corrector steps before each predictor step, at least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int CorrectorSteps
    {
        get => _correctorSteps;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _correctorSteps = value;
        }
    }
}
