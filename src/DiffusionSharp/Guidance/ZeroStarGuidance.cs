using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// CFG-Zero* (Fan et al. 2025, arXiv:2503.18886), for flow-matching models: <c>s·u + w·(c - s·u)</c> with the scale <c>s = c·u/|u|²</c> that brings u
/// nearest to c, and nothing at all in the first steps, where predictions are worst.
/// </summary>
public sealed class ZeroStarGuidance : WeighedGuidance
{
    private readonly int _zeroSteps = 1;

    /// <summary>How many steps at the beginning predict 0, at least 0; 1 unless set. The paper takes 4 % of the steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int ZeroSteps
    {
        get => _zeroSteps;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _zeroSteps = value;
        }
    }

    /// <inheritdoc/>
    protected override (double Conditional, double Unconditional) Weigh(in StepPoint at, ReadOnlySpan<float> conditional, ReadOnlySpan<float> unconditional, double scale)
    {
        if (at.Step < _zeroSteps)
        {
            return (0, 0);
        }

        double nearest = PictureMath.Dot(conditional, unconditional) / (PictureMath.Dot(unconditional, unconditional) + 1e-8);
        return (scale, (1 - scale) * nearest);
    }
}
