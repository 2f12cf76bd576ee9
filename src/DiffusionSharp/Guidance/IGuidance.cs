namespace DiffusionSharp.Guidance;

/// <summary>
/// Which predictions are made, and what is made of them; the library makes the calls. Immutable and safe for concurrent generations.
/// Guidances compose as decorators.
/// </summary>
public interface IGuidance
{
    /// <summary>The predictions that a generation may need, in order. What is not among them is never encoded.</summary>
    /// <param name="scales">The guidance scale of each picture.</param>
    /// <param name="schedulerNeedsUnconditional">Whether the scheduler asks for the unconditional prediction, whatever the scales are.</param>
    /// <returns>At least the conditional term, which comes first; the unconditional one second.</returns>
    IReadOnlyList<GuidanceTerm> Terms(IReadOnlyList<double> scales, bool schedulerNeedsUnconditional);

    /// <summary>Prepares the guidance of one generation.</summary>
    /// <param name="plan">Shape, request, scales and terms.</param>
    /// <returns>The run of one generation; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The request lacks what the guidance needs.</exception>
    IGuidanceRun Start(GuidancePlan plan);
}
