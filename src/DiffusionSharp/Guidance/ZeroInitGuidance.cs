using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// Another guidance, and in the first steps no prediction at all, where those of flow-matching models are worst: the zero-init of CFG-Zero* (Fan et al. 2025,
/// arXiv:2503.18886), as diffusers has it also where the guidance begins later (<see cref="IntervalGuidance"/>).
/// </summary>
/// <param name="inner">The guidance, for CFG-Zero* a <see cref="ZeroStarGuidance"/>.</param>
/// <param name="steps">How many steps at the beginning predict 0, at least 0; 1 unless set. The paper takes 4 % of the steps.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is negative.</exception>
public sealed class ZeroInitGuidance(IGuidance inner, int steps = 1) : IGuidance
{
    private readonly int _steps = steps >= 0 ? steps : throw new ArgumentOutOfRangeException(nameof(steps), steps, "Negative.");

    /// <inheritdoc/>
    public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional) => inner.Terms(scales, schedulerNeedsUnconditional);

    /// <inheritdoc/>
    public IGuidanceRun Start(GuidancePlan plan) => new Run(inner.Start(plan), _steps);

    private sealed class Run(IGuidanceRun inner, int steps) : DelegatingGuidanceRun(inner)
    {
        public override bool Needs(int term, in StepPoint at) => at.Step >= steps && Inner.Needs(term, at);

        public override void Combine(in StepPoint at, TermPredictions predictions)
        {
            if (at.Step >= steps)
            {
                Inner.Combine(at, predictions);
                return;
            }

            predictions.Weights(0).Clear();
            predictions.Weights(1).Clear();
        }
    }
}
