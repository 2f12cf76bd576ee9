using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// Tangential damping classifier-free guidance, TCFG (Kwon et al. 2025, arXiv:2503.18137): what in u lies across the direction that c and u have
/// most in common is left out, <c>u' + w·(c - u')</c> with u' the projection of u on the first right singular vector of [c; u].
/// </summary>
public sealed class TangentialGuidance : WeighedGuidance
{
    /// <inheritdoc/>
    protected override (double Conditional, double Unconditional) Weigh(in StepPoint at, ReadOnlySpan<float> conditional, ReadOnlySpan<float> unconditional, double scale)
    {
        // The singular vector is a combination of c and u, whose shares (cos θ, sin θ) are the first eigenvector of their products. So u' = sin θ·(cos θ·c + sin θ·u).
        double across = 2 * PictureMath.Dot(conditional, unconditional);
        double along = PictureMath.Dot(conditional, conditional) - PictureMath.Dot(unconditional, unconditional);
        (double sine, double cosine) = Math.SinCos(Math.Atan2(across, along) / 2);
        double away = (1 - scale) * sine;
        return (scale + (away * cosine), away * sine);
    }
}
