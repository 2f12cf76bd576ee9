using System.Numerics.Tensors;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// Frequency-decoupled guidance, FDG (Sadat et al. 2025, arXiv:2506.19713, algorithm 1): the predictions are split into bands of frequencies, a
/// Laplacian pyramid, and each band has a scale of its own. Low scales for the low bands keep variety and colors, high ones for the high bands give detail.
/// </summary>
/// <param name="bands">The bands from the highest to the lowest, at least one; none for two, of twice the request's scale and of the scale itself.</param>
/// <exception cref="ArgumentOutOfRangeException">A number in a band is not finite, or a rescale is outside [0, 1].</exception>
public sealed class FrequencyDecoupledGuidance(params IReadOnlyList<FrequencyBand> bands) : IGuidance
{
    private readonly FrequencyBand[] _bands = bands.Count == 0 ? [new(2), new(1)] : [.. bands.Select(Checked)];

    /// <inheritdoc/>
    public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional) => GuidanceTerm.Pair(scales, schedulerNeedsUnconditional);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The sample is too small for so many bands.</exception>
    public IGuidanceRun Start(GuidancePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new Run(_bands, plan);
    }

    private static FrequencyBand Checked(FrequencyBand band)
    {
        PictureMath.RequireFinite(band.Factor, name: nameof(band.Factor));
        PictureMath.RequireFinite(band.Parallel, name: nameof(band.Parallel));
        PictureMath.RequireFinite(band.Rescale, 0, 1, nameof(band.Rescale));
        return band;
    }

    private sealed class Run(FrequencyBand[] bands, GuidancePlan plan) : StatelessGuidanceRun
    {
        private readonly LaplacianPyramid _conditional = new(plan.Shape, bands.Length);
        private readonly LaplacianPyramid _guidance = new(plan.Shape, bands.Length);

        public override bool Needs(int term, in StepPoint at) => plan.IsGuided(at);

        public override void Combine(in StepPoint at, TermPredictions predictions)
        {
            for (int i = 0; i < plan.Shape.Batch; i++)
            {
                double scale = plan.ScaleAt(i, at);
                if (GuidancePlan.Guides(scale))
                {
                    Combine(predictions.Of(0, i), predictions.Of(1, i), scale);
                }
            }
        }

        // Over the conditional prediction. Bands are linear, so those of c - u are the differences.
        private void Combine(Span<float> c, ReadOnlySpan<float> u, double scale)
        {
            c.CopyTo(_conditional.Band(0));
            _conditional.Split();
            TensorPrimitives.Subtract(c, u, _guidance.Band(0));
            _guidance.Split();
            for (int k = 0; k < bands.Length; k++)
            {
                Guide(_conditional.Band(k), _guidance.Band(k), bands[k], scale * bands[k].Factor);
            }

            _guidance.Join();
            _guidance.Band(0).CopyTo(c);
        }

        // u + w·Δ = c + w·Δ - (c - u), over c - u; Δ is c - u with less of what lies along c.
        private static void Guide(ReadOnlySpan<float> c, Span<float> guidance, FrequencyBand band, double scale)
        {
            double unit = band.Parallel == 1 ? 0 : PictureMath.Dot(c, c);
            double less = unit == 0 ? 0 : (1 - band.Parallel) * PictureMath.Dot(c, guidance) / unit;
            TensorPrimitives.Multiply(guidance, (float)(scale - 1), guidance);
            TensorPrimitives.MultiplyAdd(c, (float)(1 - (scale * less)), guidance, guidance);
            double guided = band.Rescale == 0 ? 0 : PictureMath.Deviation(guidance);
            if (guided > 0)
            {
                TensorPrimitives.Multiply(guidance, (float)((band.Rescale * PictureMath.Deviation(c) / guided) + 1 - band.Rescale), guidance);
            }
        }
    }
}
