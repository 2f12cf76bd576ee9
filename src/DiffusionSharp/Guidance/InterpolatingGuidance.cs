using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// Classifier-free guidance at every scale but 1: below 1 it goes part of the way from the unconditional prediction to the conditional one, at 0 none
/// of it. The first latent diffusion models are sampled so; others take a scale of 1 or less for none (<see cref="ClassifierFreeGuidance"/>).
/// </summary>
public sealed class InterpolatingGuidance : IGuidance
{
    private static readonly GuidanceTerm[] Alone = [GuidanceTerm.Conditional];
    private static readonly GuidanceTerm[] Both = [GuidanceTerm.Conditional, GuidanceTerm.Unconditional];

    /// <inheritdoc/>
    public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional)
    {
        ArgumentNullException.ThrowIfNull(scales);
        return schedulerNeedsUnconditional || scales.Any(scale => scale != 1) ? Both : Alone;
    }

    /// <inheritdoc/>
    public IGuidanceRun Start(GuidancePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new Run([.. plan.Scales]);
    }

    private sealed class Run(double[] scales) : StatelessGuidanceRun
    {
        private readonly bool _guides = scales.Any(scale => scale != 1);

        public override bool Needs(int term, in StepPoint at) => _guides;

        public override void Combine(in StepPoint at, TermPredictions predictions)
        {
            for (int i = 0; i < scales.Length && _guides; i++)
            {
                (predictions.Weights(0)[i], predictions.Weights(1)[i]) = (scales[i], 1 - scales[i]);
            }
        }
    }
}
