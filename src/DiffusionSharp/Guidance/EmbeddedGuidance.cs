using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>
/// The guidance of networks that were distilled on it (Meng et al. 2023, arXiv:2210.03142): the scale is an input of the network, so one prediction
/// does, however large the scale. A condition encoder gives the input (<see cref="Conditions.GuidanceScaleConditions"/>).
/// </summary>
public sealed class EmbeddedGuidance : IGuidance
{
    private static readonly GuidanceTerm[] Alone = [GuidanceTerm.Conditional];
    private static readonly GuidanceTerm[] Both = [GuidanceTerm.Conditional, GuidanceTerm.Unconditional];

    /// <inheritdoc/>
    public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional) => schedulerNeedsUnconditional ? Both : Alone;

    /// <inheritdoc/>
    public IGuidanceRun Start(GuidancePlan plan) => new Run();

    private sealed class Run : StatelessGuidanceRun
    {
        public override bool Needs(int term, in StepPoint at) => false;

        public override void Combine(in StepPoint at, TermPredictions predictions)
        {
        }
    }
}
