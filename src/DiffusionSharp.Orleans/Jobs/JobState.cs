namespace DiffusionSharp.Orleans;

/// <summary>What has become of a job.</summary>
public enum JobState
{
    /// <summary>It waits for a silo.</summary>
    Queued,

    /// <summary>A silo works on it.</summary>
    Running,

    /// <summary>Its pictures are there.</summary>
    Completed,

    /// <summary>It has ended with an error.</summary>
    Failed,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}
