namespace DiffusionSharp.Prediction;

/// <summary>When <see cref="CachedStepsPredictor"/> leaves model calls out.</summary>
public sealed record CachedStepsOptions
{
    /// <summary>
    /// τ, by how much of its size a prediction may have changed, as estimated, before it is made anew; at least 0. 0 leaves no call out, 0.05 is the
    /// default; the larger, the fewer calls and the more the picture differs.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public double Threshold
    {
        get;
        init => field = double.IsFinite(value) && value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Threshold), value, "Expected a number of at least 0.");
    } = 0.05;

    /// <summary>The share of the calls at the beginning that are all made, in [0, 1]; 0.15 by default. The first two always are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside [0, 1].</exception>
    public double Start { get; init => field = Share(value, nameof(Start)); } = 0.15;

    /// <summary>The share of the calls behind which all are made, in [0, 1]; 0.95 by default. The last one always is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside [0, 1].</exception>
    public double Stop { get; init => field = Share(value, nameof(Stop)); } = 0.95;

    private static double Share(double value, string name) => value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, "Expected a share of the calls, from 0 to 1.");
}
