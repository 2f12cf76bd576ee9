using Orleans.Concurrency;

namespace DiffusionSharp.Orleans;

/// <summary>
/// One generation, whose key is its name. <see cref="GenerationFarm"/> calls it, and tries again while silos come and go; every method may be called any number of times.
/// </summary>
[Alias("DiffusionSharp.IGenerationJob")]
public interface IGenerationJob : IGrainWithStringKey
{
    /// <summary>Submits the job, or finds that it is submitted already.</summary>
    /// <param name="order">What to make.</param>
    /// <returns>Where it stands.</returns>
    /// <exception cref="ArgumentException">The name or the order makes no sense.</exception>
    /// <exception cref="InvalidOperationException">A job of this name was submitted with another order.</exception>
    /// <exception cref="SubmissionRefusedException">The queue or the tenant's share of it is full, or the tenant submits too fast.</exception>
    [ResponseTimeout(Timeouts.Call)]
    [Alias("Submit")]
    Task<JobStatus> SubmitAsync(GenerationOrder order);

    /// <summary>Where the job stands; null where there is none of this name.</summary>
    /// <returns>The status.</returns>
    [ResponseTimeout(Timeouts.Call)]
    [AlwaysInterleave]
    [Alias("GetStatus")]
    Task<JobStatus?> GetStatusAsync();

    /// <summary>Waits a few seconds for something new.</summary>
    /// <param name="state">The state that is known.</param>
    /// <param name="step">The steps that are known.</param>
    /// <returns>The status, with previews made since that step. Whether it is new the caller sees; null where there is no such job.</returns>
    [ResponseTimeout(Timeouts.Call)]
    [AlwaysInterleave]
    [Alias("Watch")]
    Task<JobStatus?> WatchAsync(JobState state, int step);

    /// <summary>Cancels the job, unless it has ended.</summary>
    /// <returns>Where it stands; null where there is no such job.</returns>
    [ResponseTimeout(Timeouts.Call)]
    [Alias("Cancel")]
    Task<JobStatus?> CancelAsync();

    /// <summary>Forgets a job that has ended, and deletes its pictures. Its name is free again.</summary>
    /// <returns>Done when it is gone, or never was.</returns>
    /// <exception cref="InvalidOperationException">The job has not ended.</exception>
    [ResponseTimeout(Timeouts.Call)]
    [Alias("Delete")]
    Task DeleteAsync();
}
