using System.Numerics.Tensors;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// Another guidance, and away from a worse prediction of the same: <c>g + s·(c - b)</c>. With a smaller or less trained network that is autoguidance
/// (Karras et al. 2024, arXiv:2406.02507, eq. 3 with w = s + 1), with a perturbed input of the same network perturbed-attention guidance
/// (Ahn et al. 2024, arXiv:2403.17377) or the skipping of layers, where a graph has such an input.
/// </summary>
/// <param name="inner">What else guides; classifier-free guidance at a scale of 1 for nothing else.</param>
/// <param name="worse">
/// The worse prediction: a term with a <see cref="GuidanceTerm.Predictor"/> of its own, or with other inputs (<see cref="GuidanceTerm.Overrides"/>).
/// </param>
/// <param name="scale">s, at least 0; 1 is usual.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="scale"/> is negative or not finite.</exception>
public sealed class AutoGuidance(IGuidance inner, GuidanceTerm worse, double scale) : IGuidance
{
    private readonly double _scale = PictureMath.RequireFinite(scale, 0, name: nameof(scale));

    /// <inheritdoc/>
    public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional) => [.. inner.Terms(scales, schedulerNeedsUnconditional), worse];

    /// <inheritdoc/>
    public IGuidanceRun Start(GuidancePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        int last = plan.Terms.Count - 1;
        return new Run(inner.Start(plan with { Terms = [.. plan.Terms.Take(last)] }), last, _scale);
    }

    private sealed class Run(IGuidanceRun inner, int worse, double scale) : DelegatingGuidanceRun(inner)
    {
        public override bool Needs(int term, in StepPoint at) => term == worse ? scale > 0 : Inner.Needs(term, at);

        public override void Combine(in StepPoint at, TermPredictions predictions)
        {
            if (scale == 0)
            {
                Inner.Combine(at, predictions);
                return;
            }

            // c - b before the inner guidance, which may write on c; then merged into c, which the result has w_c times.
            for (int i = 0; i < predictions.Shape.Batch; i++)
            {
                Span<float> b = predictions.Of(worse, i);
                TensorPrimitives.Subtract(predictions.Of(0, i), b, b);
            }

            Inner.Combine(at, predictions);
            for (int i = 0; i < predictions.Shape.Batch; i++)
            {
                double weight = predictions.Weights(0)[i];
                Span<float> c = predictions.Of(0, i);
                TensorPrimitives.MultiplyAdd(predictions.Of(worse, i), weight == 0 ? 0 : (float)(scale / weight), c, c);
            }
        }
    }
}
