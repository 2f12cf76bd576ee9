namespace DiffusionSharp.Schedulers;

/// <summary>
/// How the base of a step, a sample that is carried along, follows from the base before, the sample, m, its history and the step's noise:
/// the sample that a group of singlestep evaluations began from, or a sample after correction.
/// </summary>
internal readonly record struct BaseCoefficients
{
    /// <summary>The base is the present sample.</summary>
    public static BaseCoefficients Sample => new() { FromSample = 1 };

    /// <summary>The base stays.</summary>
    public static BaseCoefficients Kept => new() { FromBase = 1 };

    public double FromSample { get; init; }

    public double FromBase { get; init; }

    public double FromModel { get; init; }

    public double FromHistory1 { get; init; }

    public double FromHistory2 { get; init; }

    public double FromHistory3 { get; init; }

    public double FromNoise { get; init; }
}
