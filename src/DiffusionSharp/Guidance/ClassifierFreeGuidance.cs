using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// Classifier-free guidance, <c>u + w·(c - u)</c> (Ho &amp; Salimans 2022, arXiv:2207.12598, eq. 6 with its w + 1 written w).
/// A scale of 1 or less means no guidance and costs one prediction.
/// </summary>
public sealed class ClassifierFreeGuidance : IGuidance
{
    private static readonly GuidanceTerm[] Alone = [GuidanceTerm.Conditional];
    private static readonly GuidanceTerm[] Both = [GuidanceTerm.Conditional, GuidanceTerm.Unconditional];

    /// <inheritdoc/>
    public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional)
    {
        ArgumentNullException.ThrowIfNull(scales);
        return schedulerNeedsUnconditional || scales.Any(IsGuided) ? Both : Alone;
    }

    /// <inheritdoc/>
    public IGuidanceRun Start(GuidancePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new Run([.. plan.Scales]);
    }

    private static bool IsGuided(double scale) => scale > 1;

    private sealed class Run(double[] scales) : StatelessGuidanceRun
    {
        private readonly bool _isGuided = scales.Any(IsGuided);

        public override bool Needs(int term, in StepPoint at) => _isGuided;

        public override void Combine(in StepPoint at, TermPredictions predictions)
        {
            if (!_isGuided)
            {
                return;
            }

            Span<double> conditional = predictions.Weights(0);
            Span<double> unconditional = predictions.Weights(1);
            for (int i = 0; i < scales.Length; i++)
            {
                double scale = IsGuided(scales[i]) ? scales[i] : 1;
                (conditional[i], unconditional[i]) = (scale, 1 - scale);
            }
        }
    }
}
