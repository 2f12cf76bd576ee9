using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>What guidance needs to know before the first step of a generation.</summary>
/// <param name="Shape">The shape of the sample.</param>
/// <param name="Conditional">The condition, with the batch size of <paramref name="Shape"/>.</param>
public sealed record GuidancePlan(SampleShape Shape, Conditioning Conditional)
{
    /// <summary>The condition to move away from (empty or negative prompt), with the same batch size; null when the scale does not need it.</summary>
    public Conditioning? Unconditional { get; init; }

    /// <summary>The guidance scale w.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>Stops the run, also inside a model call.</summary>
    public CancellationToken CancellationToken { get; init; }
}
