using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>Another guidance whose scale changes on the way (Wang et al. 2024, arXiv:2404.13040, compare such schedules).</summary>
/// <param name="inner">The guidance.</param>
/// <param name="schedule">
/// The scale at a point, from the scale that the request has for the picture. Called often and from several generations, and may not allocate.
/// Where it is 1 or less, the conditional prediction alone is made; where the request's scale is, there is no guidance at all.
/// </param>
public sealed class ScheduledGuidance(IGuidance inner, Func<StepPoint, double, double> schedule) : IGuidance
{
    /// <inheritdoc/>
    public IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional) => inner.Terms(scales, schedulerNeedsUnconditional);

    /// <inheritdoc/>
    public IGuidanceRun Start(GuidancePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return inner.Start(plan with { Schedule = plan.Schedule is { } outer ? (at, scale) => schedule(at, outer(at, scale)) : schedule });
    }
}
