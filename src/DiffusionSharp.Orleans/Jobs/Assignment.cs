namespace DiffusionSharp.Orleans;

/// <summary>What a silo that begins with a job has to know.</summary>
[GenerateSerializer]
[Immutable]
[Alias("DiffusionSharp.Assignment")]
internal sealed record Assignment
{
    /// <summary>Which attempt this is, from 1.</summary>
    [Id(0)]
    public int Attempt { get; init; }

    [Id(1)]
    public GenerationOrder Order { get; init; } = new();

    /// <summary>Where to go on; null at the beginning.</summary>
    [Id(2)]
    public StepCheckpoint? Checkpoint { get; init; }
}
