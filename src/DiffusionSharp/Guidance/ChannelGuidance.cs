using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// Another guidance for the first channels of a sample only; the others keep the conditional prediction. The sampler of DiT (Peebles &amp; Xie 2022,
/// arXiv:2212.09748) guides three of four latent channels.
/// </summary>
/// <param name="inner">The guidance, whose weights sum to 1.</param>
/// <param name="channels">How many channels are guided, at least 0.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="channels"/> is negative.</exception>
public sealed class ChannelGuidance(IGuidance inner, int channels) : IGuidance
{
    private readonly int _channels = channels >= 0 ? channels : throw new ArgumentOutOfRangeException(nameof(channels), channels, "Negative.");

    /// <inheritdoc/>
    public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional) => inner.Terms(scales, schedulerNeedsUnconditional);

    /// <inheritdoc/>
    public IGuidanceRun Start(GuidancePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new Run(inner.Start(plan), _channels);
    }

    private sealed class Run(IGuidanceRun inner, int channels) : DelegatingGuidanceRun(inner)
    {
        public override void Combine(in StepPoint at, TermPredictions predictions)
        {
            int guided = Math.Min(channels * predictions.Shape.Height * predictions.Shape.Width, predictions.Shape.ImageLength);
            for (int term = 1; term < predictions.Count; term++)
            {
                for (int picture = 0; picture < predictions.Shape.Batch && predictions.Has(term); picture++)
                {
                    predictions.Of(0, picture)[guided..].CopyTo(predictions.Of(term, picture)[guided..]);
                }
            }

            Inner.Combine(at, predictions);
        }
    }
}
