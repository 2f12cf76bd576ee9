using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// Perp-Neg (Armandpour et al. 2023, arXiv:2304.04968): away from a negative prompt only as far as it does not speak against the prompt,
/// <c>e + w·(d - s·n⊥)</c> with d = c - e, n = the negative's prediction less e, n⊥ what of n is perpendicular to d, and e the empty prompt's
/// prediction. Three predictions.
/// </summary>
/// <param name="negativeScale">s, at least 0; 1 unless given.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="negativeScale"/> is negative or not finite.</exception>
public sealed class PerpendicularNegativeGuidance(double negativeScale = 1) : IGuidance
{
    private const int FirstOther = 2;
    private readonly WeightedTerm _negative = new(GuidanceTerm.Unconditional, -PictureMath.RequireFinite(negativeScale, 0, name: nameof(negativeScale)));

    /// <summary>Further terms of which the perpendicular part is added, such as other prompts; none by default. Each is one more prediction.</summary>
    public IReadOnlyList<WeightedTerm> Further { get; init; } = [];

    /// <summary>
    /// Whether what is perpendicular is found over the whole batch at once, as ComfyUI does; then a picture depends on those beside it. False by
    /// default: over each picture, as the paper's own code does.
    /// </summary>
    public bool ProjectsWholeBatch { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional)
    {
        ArgumentNullException.ThrowIfNull(scales);
        return schedulerNeedsUnconditional || scales.Any(GuidancePlan.Guides)
            ? [GuidanceTerm.Conditional, GuidanceTerm.Empty, _negative.Term, .. Further.Select(further => further.Term)]
            : [GuidanceTerm.Conditional];
    }

    /// <inheritdoc/>
    public IGuidanceRun Start(GuidancePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new Run(this, plan, [.. Further.Prepend(_negative).Select(other => other.Weight)]);
    }

    private sealed class Run(PerpendicularNegativeGuidance options, GuidancePlan plan, double[] weights) : StatelessGuidanceRun
    {
        // |d|² of each picture, and d·n of each picture for each other term.
        private readonly double[] _squares = new double[plan.Shape.Batch];
        private readonly double[] _products = new double[plan.Shape.Batch * weights.Length];

        public override bool Needs(int term, in StepPoint at) => plan.IsGuided(at) && (term < FirstOther || weights[term - FirstOther] != 0);

        public override void Combine(in StepPoint at, TermPredictions predictions)
        {
            if (!plan.IsGuided(at))
            {
                return;
            }

            Measure(predictions);
            for (int i = 0; i < plan.Shape.Batch; i++)
            {
                double scale = plan.ScaleAt(i, at);
                if (GuidancePlan.Guides(scale))
                {
                    Merge(predictions, i, scale);
                }
            }
        }

        private void Measure(TermPredictions predictions)
        {
            for (int i = 0; i < plan.Shape.Batch; i++)
            {
                ReadOnlySpan<float> c = predictions.Of(0, i);
                ReadOnlySpan<float> e = predictions.Of(1, i);
                _squares[i] = Product(c, c, e);
                for (int k = 0; k < weights.Length; k++)
                {
                    _products[(k * plan.Shape.Batch) + i] = weights[k] == 0 ? 0 : Product(c, predictions.Of(FirstOther + k, i), e);
                }
            }

            if (options.ProjectsWholeBatch)
            {
                Pool(_squares);
                for (int k = 0; k < weights.Length; k++)
                {
                    Pool(_products.AsSpan(k * plan.Shape.Batch, plan.Shape.Batch));
                }
            }
        }

        // e + w·(d + Σ weight·(n - share·d)), over the conditional prediction: first w·(1 - Σ weight·share) of d, then w·weight of each n.
        private void Merge(TermPredictions predictions, int picture, double scale)
        {
            Span<float> c = predictions.Of(0, picture);
            ReadOnlySpan<float> e = predictions.Of(1, picture);
            double along = 1;
            for (int k = 0; k < weights.Length; k++)
            {
                along -= _squares[picture] == 0 ? 0 : weights[k] * _products[(k * plan.Shape.Batch) + picture] / _squares[picture];
            }

            for (int j = 0; j < c.Length; j++)
            {
                c[j] = (float)(e[j] + (scale * along * ((double)c[j] - e[j])));
            }

            for (int k = 0; k < weights.Length; k++)
            {
                ReadOnlySpan<float> n = weights[k] == 0 ? [] : predictions.Of(FirstOther + k, picture);
                for (int j = 0; j < n.Length; j++)
                {
                    c[j] += (float)(scale * weights[k] * ((double)n[j] - e[j]));
                }
            }
        }

        private static double Product(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<float> e)
        {
            double sum = 0;
            for (int j = 0; j < e.Length; j++)
            {
                sum += ((double)a[j] - e[j]) * ((double)b[j] - e[j]);
            }

            return sum;
        }

        private static void Pool(Span<double> values)
        {
            double sum = 0;
            foreach (double value in values)
            {
                sum += value;
            }

            values.Fill(sum);
        }
    }
}
