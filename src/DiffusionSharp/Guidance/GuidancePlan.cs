using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>What guidance needs to know before the first step of a generation.</summary>
/// <param name="Shape">The shape of the sample.</param>
/// <param name="Request">The request, with every default filled in: a classifier wants the class, which an unconditional network is not given.</param>
/// <param name="Scales">The guidance scale w of each picture.</param>
/// <param name="Terms">What <see cref="IGuidance.Terms"/> returned.</param>
public sealed record GuidancePlan(SampleShape Shape, GenerationRequest Request, IReadOnlyList<double> Scales, IReadOnlyList<GuidanceTerm> Terms)
{
    /// <summary>Stops the run, also inside a model call.</summary>
    public CancellationToken CancellationToken { get; init; }
}
