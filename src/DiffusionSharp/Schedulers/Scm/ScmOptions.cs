namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="ScmScheduler"/>. Symbols are those of arXiv:2410.11081. Times are angles in radians, in [0, π/2].</summary>
public sealed record ScmOptions
{
    /// <summary>σ_d, the standard deviation of the data, positive.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double SigmaData { get; init => field = OptionValue.Positive(value); } = 0.5;

    /// <summary>The time that a generation starts at, positive: about π/2, where nothing but noise is left.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double MaximumTime { get; init => field = OptionValue.Positive(value); } = 1.5708;

    /// <summary>The time of the second of two steps; null for halfway. 1.3 by default. Other numbers of steps are spread evenly.</summary>
    public double? IntermediateTime { get; init; } = 1.3;
}
