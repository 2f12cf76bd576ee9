namespace DiffusionSharp.Orleans;

/// <summary>What is stored of a job with every commit.</summary>
[GenerateSerializer]
[Alias("DiffusionSharp.JobCourseRecord")]
internal sealed record JobCourseRecord
{
    [Id(0)]
    public JobState State { get; init; }

    /// <summary>The attempt that may commit.</summary>
    [Id(1)]
    public int Attempt { get; init; }

    /// <summary>Attempts since the job last got any further.</summary>
    [Id(2)]
    public int Tries { get; init; }

    [Id(3)]
    public string? Silo { get; init; }

    [Id(4)]
    public string? Error { get; init; }

    /// <summary>Without its front, which the order's record has.</summary>
    [Id(5)]
    public StepCheckpoint? Checkpoint { get; init; }

    [Id(6)]
    public int Step { get; init; }

    [Id(7)]
    public int StepCount { get; init; }

    [Id(8)]
    public List<string> Pictures { get; init; } = [];

    /// <summary>Which run the attempt is.</summary>
    [Id(9)]
    public Guid Run { get; init; }

    public bool IsEnded => State is JobState.Completed or JobState.Failed or JobState.Cancelled;
}
