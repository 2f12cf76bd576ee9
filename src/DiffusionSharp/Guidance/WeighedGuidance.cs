using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// A guidance that weighs the conditional prediction c and the unconditional one u, picture by picture, and remembers nothing. A scale of 1 or
/// less means no guidance; where no picture has more it costs one prediction.
/// </summary>
public abstract class WeighedGuidance : IGuidance
{
    /// <inheritdoc/>
    public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional) => GuidanceTerm.Pair(scales, schedulerNeedsUnconditional);

    /// <inheritdoc/>
    public IGuidanceRun Start(GuidancePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new Run(this, plan);
    }

    /// <summary>The weights of the two predictions of one picture. May not allocate.</summary>
    /// <param name="at">Where the generation stands.</param>
    /// <param name="conditional">c, <c>[C, H, W]</c>.</param>
    /// <param name="unconditional">u, <c>[C, H, W]</c>.</param>
    /// <param name="scale">The scale w of the picture, above 1.</param>
    /// <returns>w_c and w_u in <c>w_c·c + w_u·u</c>.</returns>
    protected abstract (double Conditional, double Unconditional) Weigh(in StepPoint at, ReadOnlySpan<float> conditional, ReadOnlySpan<float> unconditional, double scale);

    private sealed class Run(WeighedGuidance guidance, GuidancePlan plan) : StatelessGuidanceRun
    {
        public override bool Needs(int term, in StepPoint at) => plan.IsGuided(at);

        public override void Combine(in StepPoint at, TermPredictions predictions)
        {
            for (int i = 0; i < plan.Shape.Batch; i++)
            {
                double scale = plan.ScaleAt(i, at);
                if (GuidancePlan.Guides(scale))
                {
                    (predictions.Weights(0)[i], predictions.Weights(1)[i]) = guidance.Weigh(at, predictions.Of(0, i), predictions.Of(1, i), scale);
                }
            }
        }
    }
}
