namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="KarrasVeScheduler"/>. Symbols are those of arXiv:2206.00364.</summary>
public sealed record KarrasVeOptions
{
    /// <summary>σ_min, positive; the model is asked down to its square.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SigmaMin { get; init => field = OptionValue.Positive(value); } = 0.02;

    /// <summary>σ_max, positive: the deviation of the noise that a generation starts from; the model is asked from its square on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SigmaMax { get; init => field = OptionValue.Positive(value); } = 100;

    /// <summary>S_churn, how much noise is added anew, over all steps.</summary>
    public double Churn { get; init; } = 80;

    /// <summary>S_tmin, the smallest noise level at which noise is added.</summary>
    public double ChurnMinimum { get; init; } = 0.05;

    /// <summary>S_tmax, the largest.</summary>
    public double ChurnMaximum { get; init; } = 50;

    /// <summary>S_noise, the deviation of the added noise; a little above 1 makes up for lost detail.</summary>
    public double ChurnNoise { get; init; } = 1.007;
}
