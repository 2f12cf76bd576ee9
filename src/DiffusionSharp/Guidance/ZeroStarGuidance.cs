using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// The scale of CFG-Zero* (Fan et al. 2025, arXiv:2503.18886), for flow-matching models: <c>s·u + w·(c - s·u)</c> with <c>s = c·u/|u|²</c>, which brings u
/// nearest to c. The other half of CFG-Zero* is <see cref="ZeroInitGuidance"/> around it.
/// </summary>
public sealed class ZeroStarGuidance : WeighedGuidance
{
    /// <inheritdoc/>
    protected override (double Conditional, double Unconditional) Weigh(in StepPoint at, ReadOnlySpan<float> conditional, ReadOnlySpan<float> unconditional, double scale)
    {
        double nearest = PictureMath.Dot(conditional, unconditional) / (PictureMath.Dot(unconditional, unconditional) + 1e-8);
        return (scale, (1 - scale) * nearest);
    }
}
