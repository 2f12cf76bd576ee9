using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// Another guidance on a part of the way only; outside of it the conditional prediction alone, which saves the others (Kynkäänniemi et al. 2024,
/// arXiv:2404.07724). Steps count as in diffusers: from <c>floor(start·n)</c> on, and before <c>floor(stop·n)</c>.
/// </summary>
/// <param name="inner">The guidance.</param>
/// <param name="start">Where it begins, as a share of the steps, in [0, 1].</param>
/// <param name="stop">Where it ends, as a share of the steps, in [<paramref name="start"/>, 1].</param>
/// <exception cref="ArgumentOutOfRangeException">A share is outside its range.</exception>
public sealed class IntervalGuidance(IGuidance inner, double start, double stop) : IGuidance
{
    private readonly double _start = PictureMath.RequireFinite(start, 0, 1, nameof(start));
    private readonly double _stop = PictureMath.RequireFinite(stop, start, 1, nameof(stop));

    /// <inheritdoc/>
    public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional) => inner.Terms(scales, schedulerNeedsUnconditional);

    /// <inheritdoc/>
    public IGuidanceRun Start(GuidancePlan plan) => new Run(inner.Start(plan), _start, _stop);

    private sealed class Run(IGuidanceRun inner, double start, double stop) : DelegatingGuidanceRun(inner)
    {
        public override bool Needs(int term, in StepPoint at) => IsInside(at) && Inner.Needs(term, at);

        public override void Combine(in StepPoint at, TermPredictions predictions)
        {
            if (IsInside(at))
            {
                Inner.Combine(at, predictions);
            }
        }

        private bool IsInside(in StepPoint at) => at.Step >= (int)(start * at.StepCount) && at.Step < (int)(stop * at.StepCount);
    }
}
