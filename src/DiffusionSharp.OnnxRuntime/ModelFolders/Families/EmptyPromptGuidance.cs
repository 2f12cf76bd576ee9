using DiffusionSharp.Guidance;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>Guidance away from an empty prompt, whatever the negative one is, at every scale but 1.</summary>
internal sealed class EmptyPromptGuidance : IGuidance
{
    private readonly InterpolatingGuidance _inner = new();

    public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional) =>
        _inner.Terms(scales, schedulerNeedsUnconditional).Count > 1 ? [GuidanceTerm.Conditional, GuidanceTerm.Empty] : [GuidanceTerm.Conditional];

    public IGuidanceRun Start(GuidancePlan plan) => _inner.Start(plan);
}
