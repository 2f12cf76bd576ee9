namespace DiffusionSharp.Guidance;

/// <summary>How <see cref="FrequencyDecoupledGuidance"/> guides a band of frequencies.</summary>
/// <param name="Factor">What the scale of the request is multiplied with in this band.</param>
public sealed record FrequencyBand(double Factor)
{
    /// <summary>How much is left of the guidance along the conditional prediction's band; 1, the default, is all.</summary>
    public double Parallel { get; init; } = 1;

    /// <summary>How far the band is brought back to the spread that it has in the conditional prediction, in [0, 1], as <see cref="RescaledGuidance"/> does with a whole prediction; 0 by default.</summary>
    public double Rescale { get; init; }
}
