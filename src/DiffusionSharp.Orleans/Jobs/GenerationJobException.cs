namespace DiffusionSharp.Orleans;

/// <summary>A job has no pictures: it failed, was cancelled, or is not done.</summary>
/// <param name="status">Where it stands.</param>
public sealed class GenerationJobException(JobStatus status)
    : Exception($"The job '{status.Job}' is {status.State.ToString().ToLowerInvariant()} after {status.Attempt} attempts{(status.Error is { } error ? $": {error}" : "")}.")
{
    /// <summary>Where the job stands.</summary>
    public JobStatus Status { get; } = status;
}
