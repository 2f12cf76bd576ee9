namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="ScmScheduler"/>. Symbols are those of arXiv:2410.11081. Times are angles in radians, in [0, π/2].</summary>
public sealed record ScmOptions
{
    private readonly double _sigmaData = 0.5;
    private readonly double _maximumTime = 1.5708;

    /// <summary>σ_d, the standard deviation of the data, positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SigmaData
    {
        get => _sigmaData;
        init => _sigmaData = OptionValue.Positive(value);
    }

    /// <summary>The time that a generation starts at, positive: about π/2, where nothing but noise is left.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double MaximumTime
    {
        get => _maximumTime;
        init => _maximumTime = OptionValue.Positive(value);
    }

    /// <summary>The time of the second of two steps; null for halfway. 1.3 by default. Other numbers of steps are spread evenly.</summary>
    public double? IntermediateTime { get; init; } = 1.3;
}
