using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// Another guidance whose result has the spread of the conditional prediction, against overexposure at high scales: <c>g·(φ·std(c)/std(g) + 1 - φ)</c>
/// (Lin et al. 2023, arXiv:2305.08891, eq. 14 to 16). Each standard deviation is that of a picture over all its values.
/// </summary>
/// <param name="inner">The guidance.</param>
/// <param name="strength">φ in [0, 1]: 0 leaves it as it is; the paper uses 0.7.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="strength"/> is outside [0, 1].</exception>
public sealed class RescaledGuidance(IGuidance inner, double strength) : IGuidance
{
    private readonly double _strength = PictureMath.RequireFinite(strength, 0, 1, nameof(strength));

    /// <inheritdoc/>
    public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional) => inner.Terms(scales, schedulerNeedsUnconditional);

    /// <inheritdoc/>
    public IGuidanceRun Start(GuidancePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new Run(inner.Start(plan), _strength, new double[plan.Shape.Batch]);
    }

    private sealed class Run(IGuidanceRun inner, double strength, double[] deviations) : DelegatingGuidanceRun(inner)
    {
        public override void Combine(in StepPoint at, TermPredictions predictions)
        {
            // Before, because a guidance may write on the conditional prediction.
            for (int i = 0; i < deviations.Length; i++)
            {
                deviations[i] = PictureMath.Deviation(predictions.Of(0, i));
            }

            Inner.Combine(at, predictions);
            for (int i = 0; i < deviations.Length; i++)
            {
                ref double conditional = ref predictions.Weights(0)[i];
                ref double unconditional = ref predictions.Weights(1)[i];
                double guided = PictureMath.Deviation(predictions.Of(0, i), conditional, predictions.Has(1) ? predictions.Of(1, i) : [], unconditional);

                // A prediction that a guidance made 0 has no spread to change.
                double factor = guided == 0 ? 1 : (strength * deviations[i] / guided) + 1 - strength;
                (conditional, unconditional) = (conditional * factor, unconditional * factor);
            }
        }
    }
}
