using Orleans.Concurrency;

namespace DiffusionSharp.Orleans;

/// <summary>The side of a job that silos see. An attempt that another one has followed is told so by <c>false</c>, and changes nothing.</summary>
[Alias("DiffusionSharp.IJobWork")]
internal interface IJobWork : IGrainWithStringKey
{
    /// <summary>Begins an attempt, which ends any before it.</summary>
    /// <param name="silo">Who begins.</param>
    /// <param name="run">Tells one beginning from another: when the call is made again because its answer was lost, it is the same attempt.</param>
    /// <returns>What to do; null where there is nothing (any more).</returns>
    [ResponseTimeout(Timeouts.Call)]
    [Alias("Begin")]
    Task<Assignment?> BeginAsync(string silo, Guid run);

    /// <summary>Tells how far the attempt is. Remembered by nobody but those who watch.</summary>
    [ResponseTimeout(Timeouts.Call)]
    [AlwaysInterleave]
    [Alias("Report")]
    Task<bool> ReportAsync(int attempt, int step, int count, byte[][] previews);

    /// <summary>Saves a checkpoint.</summary>
    [ResponseTimeout(Timeouts.Call)]
    [Alias("Checkpoint")]
    Task<bool> CheckpointAsync(int attempt, StepCheckpoint checkpoint);

    /// <summary>Ends the job with its pictures.</summary>
    [ResponseTimeout(Timeouts.Call)]
    [Alias("Complete")]
    Task<bool> CompleteAsync(int attempt, int step, string[] pictures);

    /// <summary>Says that an attempt went wrong.</summary>
    /// <returns>Whether the job has ended with it, and is to be tried no more.</returns>
    [ResponseTimeout(Timeouts.Call)]
    [Alias("Fail")]
    Task<bool> FailAsync(int attempt, string error, bool isFinal);

    /// <summary>Leaves the job to others, at the last checkpoint. It does not count as a try.</summary>
    [ResponseTimeout(Timeouts.Call)]
    [Alias("Release")]
    Task<bool> ReleaseAsync(int attempt);
}
