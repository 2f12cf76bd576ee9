namespace DiffusionSharp.Schedulers;

/// <summary>
/// How the base b of a step, a sample that is carried along, follows from the base before, the sample, m, its history and the step's noise:
/// the sample that a group of singlestep evaluations began from, or a sample after correction. Weights that are not set are 0.
/// </summary>
public readonly record struct BaseCoefficients
{
    /// <summary>The base is the present sample.</summary>
    public static BaseCoefficients Sample => new() { FromSample = 1 };

    /// <summary>The base stays.</summary>
    public static BaseCoefficients Kept => new() { FromBase = 1 };

    /// <summary>Weight of the sample.</summary>
    public double FromSample { get; init; }

    /// <summary>Weight of the base before.</summary>
    public double FromBase { get; init; }

    /// <summary>Weight of the present m.</summary>
    public double FromModel { get; init; }

    /// <summary>Weight of m of the step before.</summary>
    public double FromHistory1 { get; init; }

    /// <summary>Weight of m of two steps ago.</summary>
    public double FromHistory2 { get; init; }

    /// <summary>Weight of m of three steps ago.</summary>
    public double FromHistory3 { get; init; }

    /// <summary>Weight of unit noise.</summary>
    public double FromNoise { get; init; }
}
