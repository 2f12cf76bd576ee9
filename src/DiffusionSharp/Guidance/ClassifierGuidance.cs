using System.Numerics.Tensors;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// Classifier guidance (Dhariwal &amp; Nichol 2021, arXiv:2105.05233) around another guidance: the gradient of a classifier's log p(y | input)
/// moves every prediction. As a score it is weighed by the scheduler after clipping, algorithm 1 for DDPM and 2 for DDIM; merged into the
/// predictions it goes with every scheduler and every kind of prediction, but where x_0 is clipped the first steps clip most of it away.
/// </summary>
/// <param name="inner">What else guides; classifier-free guidance at a scale of 1 for a network alone.</param>
/// <param name="classifier">The classifier; its owner disposes it.</param>
/// <param name="scale">What the gradient is multiplied with, at least 0; 1 to 10 is usual.</param>
/// <param name="asScore">Whether the scheduler weighs the gradient after clipping, which DDPM and DDIM do and others refuse.</param>
public sealed class ClassifierGuidance(IGuidance inner, IClassifier classifier, double scale, bool asScore = false) : IGuidance
{
    /// <inheritdoc/>
    public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional) => inner.Terms(scales, schedulerNeedsUnconditional);

    /// <inheritdoc/>
    public IGuidanceRun Start(GuidancePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new Run(inner.Start(plan), classifier.Start(plan), (float)scale, asScore, new float[plan.Shape.Length]);
    }

    private sealed class Run(IGuidanceRun inner, IClassifierRun classifier, float scale, bool asScore, float[] gradient) : DelegatingGuidanceRun(inner)
    {
        public override void Combine(in StepPoint at, TermPredictions predictions)
        {
            classifier.Gradient(predictions.Input, at, gradient);
            if (!asScore)
            {
                Merge(predictions, (float)(scale * at.Level.ScoreWeight));
            }

            Inner.Combine(at, predictions);
            if (asScore)
            {
                Span<float> score = predictions.UseScore();
                TensorPrimitives.MultiplyAdd(gradient, scale, score, score);
            }
        }

        protected override void Dispose(bool disposing)
        {
            classifier.Dispose();
            base.Dispose(disposing);
        }

        // Into every term, so that their weights, which sum to 1, leave it as it is. The variance channels behind are left alone.
        private void Merge(TermPredictions predictions, float weight)
        {
            int length = predictions.Shape.ImageLength;
            for (int term = 0; term < predictions.Count; term++)
            {
                for (int picture = 0; picture < predictions.Shape.Batch && predictions.Has(term); picture++)
                {
                    Span<float> prediction = predictions.Of(term, picture);
                    TensorPrimitives.MultiplyAdd(gradient.AsSpan(picture * length, length), weight, prediction, prediction);
                }
            }
        }
    }
}
