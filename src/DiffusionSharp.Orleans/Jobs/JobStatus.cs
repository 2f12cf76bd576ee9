namespace DiffusionSharp.Orleans;

/// <summary>Where a job stands.</summary>
[GenerateSerializer]
[Immutable]
[Alias("DiffusionSharp.JobStatus")]
public sealed record JobStatus
{
    /// <summary>The job.</summary>
    [Id(0)]
    public string Job { get; init; } = "";

    /// <summary>What has become of it.</summary>
    [Id(1)]
    public JobState State { get; init; }

    /// <summary>Model calls made, from 0 to <see cref="StepCount"/>. After a takeover it may be less than before.</summary>
    [Id(2)]
    public int Step { get; init; }

    /// <summary>Model calls in all; 0 before the first one.</summary>
    [Id(3)]
    public int StepCount { get; init; }

    /// <summary>How often a silo has begun with it.</summary>
    [Id(4)]
    public int Attempt { get; init; }

    /// <summary>The silo that works on it, or did last, as <c>address:port@generation</c>; null before.</summary>
    [Id(5)]
    public string? Silo { get; init; }

    /// <summary>What went wrong last; null where nothing did. A job that is not <see cref="JobState.Failed"/> went on nevertheless.</summary>
    [Id(6)]
    public string? Error { get; init; }

    /// <summary>The names of its pictures in the <see cref="IBlobStore"/>, PNG files with their parameters; none before it is completed.</summary>
    [Id(7)]
    public IReadOnlyList<string> Pictures { get; init; } = [];

    /// <summary>The latest preview, a PNG file for each picture; none where there is no new one.</summary>
    [Id(8)]
    public IReadOnlyList<byte[]> Previews { get; init; } = [];

    /// <summary>Whether nothing more will happen.</summary>
    public bool IsEnded => State is JobState.Completed or JobState.Failed or JobState.Cancelled;

    /// <summary>The same once the job has its pictures.</summary>
    /// <returns>This.</returns>
    /// <exception cref="GenerationJobException">The job has failed, was cancelled or is not done; the message says why.</exception>
    public JobStatus EnsureCompleted() => State == JobState.Completed ? this : throw new GenerationJobException(this);

    /// <summary>Whether this tells more than what is known: another state, or more steps.</summary>
    internal bool IsNewsAfter(JobState state, int step) => State != state || Step > step;
}
