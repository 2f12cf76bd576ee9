using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// Adaptive projected guidance, APG, against the saturation of high scales (Sadat et al. 2024, arXiv:2410.02416): <c>c + (w - 1)·Δ</c>. Δ is c - u with a
/// momentum over the steps, no longer than a limit, and with less of what lies along c.
/// </summary>
public sealed class AdaptiveProjectedGuidance : IGuidance
{
    /// <summary>β in <c>Δ_n = (c - u)_n + β·Δ_(n-1)</c>, in (-1, 1). Negative, -0.5 unless set, pushes away from where earlier steps went; 0 is none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside (-1, 1).</exception>
    public double Momentum
    {
        get;
        init => field = Math.Abs(value) < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Momentum), value, "Expected a number between -1 and 1, both excluded.");
    } = -0.5;

    /// <summary>r, the most that |Δ| may be, which depends on the number of values: 15, unless set, is for latents of Stable Diffusion. 0 for no limit.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative or not finite.</exception>
    public double NormLimit { get; init => field = PictureMath.RequireFinite(value, least: 0); } = 15;

    /// <summary>η, how much is left of what lies along c: 0, the default, nothing; 1 everything.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not finite.</exception>
    public double Parallel { get; init => field = PictureMath.RequireFinite(value); }

    /// <summary>What lengths and directions are taken over; pictures unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not one of them.</exception>
    public ProjectionScope Scope
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(Scope), value, "Expected a picture, a channel or a position.");
    }

    /// <summary>Whether the result is <c>u + w·Δ</c>, as diffusers' default has it. False by default: then it is the paper's, which differs where Δ is not c - u.</summary>
    public bool AddsToUnconditional { get; init; }

    /// <inheritdoc/>
    public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional) => GuidanceTerm.Pair(scales, schedulerNeedsUnconditional);

    /// <inheritdoc/>
    public IGuidanceRun Start(GuidancePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new Run(this, plan, new float[plan.Shape.Length]);
    }

    private sealed class Run(AdaptiveProjectedGuidance options, GuidancePlan plan, float[] average) : IGuidanceRun
    {
        public bool Needs(int term, in StepPoint at) => plan.IsGuided(at);

        public void Combine(in StepPoint at, TermPredictions predictions)
        {
            int plane = plan.Shape.ImageLength / plan.Shape.Channels;
            for (int i = 0; i < plan.Shape.Batch; i++)
            {
                double scale = plan.ScaleAt(i, at);
                if (!GuidancePlan.Guides(scale))
                {
                    continue;
                }

                Span<float> c = predictions.Of(0, i);
                ReadOnlySpan<float> u = predictions.Of(1, i);
                Span<float> delta = average.AsSpan(i * c.Length, c.Length);
                for (int k = 0; k < delta.Length; k++)
                {
                    delta[k] = c[k] - u[k] + ((float)options.Momentum * delta[k]);
                }

                // Vectors as rows of values that lie so far apart: a picture or a channel at a stretch, a position with a plane between its channels.
                (int vectors, int apart, int stride) = options.Scope switch
                {
                    ProjectionScope.Picture => (1, 0, 1),
                    ProjectionScope.Channel => (plan.Shape.Channels, plane, 1),
                    _ => (plane, 1, plane),
                };
                for (int vector = 0; vector < vectors; vector++)
                {
                    int first = vector * apart;
                    options.Guide(c[first..], u[first..], delta[first..], c.Length / vectors, stride, scale);
                }
            }
        }

        public void Save(BinaryWriter writer) => writer.WriteAll(average);

        public void Restore(BinaryReader reader) => reader.ReadAll(average);

        public void Dispose()
        {
        }
    }

    // One vector, over the conditional prediction.
    private void Guide(Span<float> c, ReadOnlySpan<float> u, ReadOnlySpan<float> delta, int count, int stride, double scale)
    {
        (double length, double along, double unit) = (0, 0, 0);
        for (int k = 0; k < count * stride; k += stride)
        {
            length += (double)delta[k] * delta[k];
            along += (double)delta[k] * c[k];
            unit += (double)c[k] * c[k];
        }

        length = Math.Sqrt(length);
        double shorter = NormLimit > 0 && length > NormLimit ? NormLimit / length : 1;
        double less = unit == 0 ? 0 : (1 - Parallel) * along / unit;
        double weight = shorter * (AddsToUnconditional ? scale : scale - 1);
        for (int k = 0; k < count * stride; k += stride)
        {
            c[k] = (float)((AddsToUnconditional ? u[k] : c[k]) + (weight * (delta[k] - (less * c[k]))));
        }
    }
}
