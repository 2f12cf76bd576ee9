using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// Magnitude-aware mitigation for boosted guidance, MAMBO-G (arXiv:2508.03442): the scale falls where the guidance is large beside the prediction,
/// <c>u + w'·(c - u)</c> with <c>w' = 1 + (w - 1)·exp(-α·|c - u|/|u|)</c>.
/// </summary>
public sealed class MagnitudeAwareGuidance : WeighedGuidance
{
    /// <summary>α, how strongly the scale falls, at least 0; 8 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public double Damping { get; init => field = PictureMath.RequireFinite(value, least: 0); } = 8;

    /// <inheritdoc/>
    protected override (double Conditional, double Unconditional) Weigh(in StepPoint at, ReadOnlySpan<float> conditional, ReadOnlySpan<float> unconditional, double scale)
    {
        double length = Math.Sqrt(PictureMath.Dot(unconditional, unconditional));
        double damped = length == 0 ? 1 : 1 + ((scale - 1) * Math.Exp(-Damping * PictureMath.Distance(conditional, unconditional) / length));
        return (damped, 1 - damped);
    }
}
