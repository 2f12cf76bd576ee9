using System.Runtime.CompilerServices;

namespace DiffusionSharp.Orleans;

/// <summary>
/// Submits jobs to a farm and watches them, from a silo or from a client of its cluster. Silos may die meanwhile: every method tries again.
/// Thread-safe.
/// </summary>
/// <param name="grains">The cluster.</param>
public sealed class GenerationFarm(IGrainFactory grains)
{
    /// <summary>The name of the grain storage that jobs and queues are kept in.</summary>
    public const string StorageName = "DiffusionSharp";

    /// <summary>For how long a call is tried again while it fails, before its error is thrown.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Submits a job. To submit it again is no second job, whoever does it.</summary>
    /// <param name="job">Its name: 1 to 128 letters, digits, '.', '_' and '-', beginning with a letter or digit.</param>
    /// <param name="order">What to make.</param>
    /// <param name="cancellationToken">Stops the waiting; the job may be submitted or not.</param>
    /// <returns>Where it stands. From here on it is stored.</returns>
    /// <exception cref="ArgumentException">The name or the order makes no sense.</exception>
    /// <exception cref="InvalidOperationException">A job of this name was submitted with another order.</exception>
    /// <exception cref="SubmissionRefusedException">The queue or the tenant's share of it is full, or the tenant submits too fast.</exception>
    public Task<JobStatus> SubmitAsync(string job, GenerationOrder order, CancellationToken cancellationToken = default)
    {
        JobName.Require(job);
        ArgumentNullException.ThrowIfNull(order);
        order.Check();
        return Calls.RetryAsync(() => Job(job).SubmitAsync(order), Patience, cancellationToken);
    }

    /// <summary>Where a job stands.</summary>
    /// <param name="job">Its name.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The status, with the latest preview; null where there is no such job.</returns>
    public Task<JobStatus?> GetStatusAsync(string job, CancellationToken cancellationToken = default) =>
        Calls.RetryAsync(() => Job(job).GetStatusAsync(), Patience, cancellationToken);

    /// <summary>
    /// Watches a job until it ends: each status that is new, with previews where the order asks for them. Steps may be left out, and are told once: after a takeover
    /// nothing is told until the job is further than before.
    /// </summary>
    /// <param name="job">Its name.</param>
    /// <param name="afterStep">The steps that are known already, for one who watches again.</param>
    /// <param name="cancellationToken">Stops the watching, not the job.</param>
    /// <returns>The statuses; the last one has ended.</returns>
    /// <exception cref="KeyNotFoundException">There is no such job.</exception>
    public async IAsyncEnumerable<JobStatus> WatchAsync(string job, int afterStep = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        (JobState state, int step) = (JobState.Queued, afterStep);
        while (true)
        {
            JobStatus status = await Calls.RetryAsync(() => Job(job).WatchAsync(state, step), Patience, cancellationToken).ConfigureAwait(false)
                ?? throw new KeyNotFoundException($"There is no job '{job}'.");
            if (status.IsNewsAfter(state, step))
            {
                (state, step) = (status.State, Math.Max(step, status.Step));
                yield return status;
            }

            if (status.IsEnded)
            {
                yield break;
            }
        }
    }

    /// <summary>Waits until a job ends.</summary>
    /// <param name="job">Its name.</param>
    /// <param name="cancellationToken">Stops the waiting, not the job.</param>
    /// <returns>Its last status: completed, failed or cancelled.</returns>
    /// <exception cref="KeyNotFoundException">There is no such job.</exception>
    public async Task<JobStatus> WaitAsync(string job, CancellationToken cancellationToken = default)
    {
        JobStatus? last = null;
        await foreach (JobStatus status in WatchAsync(job, int.MaxValue, cancellationToken).ConfigureAwait(false))
        {
            last = status;
        }

        return last!;
    }

    /// <summary>Cancels a job, unless it has ended. A model call under way is stopped a second later at most.</summary>
    /// <param name="job">Its name.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Where it stands; null where there is no such job.</returns>
    public Task<JobStatus?> CancelAsync(string job, CancellationToken cancellationToken = default) =>
        Calls.RetryAsync(() => Job(job).CancelAsync(), Patience, cancellationToken);

    /// <summary>Forgets a job that has ended, and deletes its pictures. Jobs are kept until then.</summary>
    /// <param name="job">Its name.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Done when it is gone, or never was.</returns>
    /// <exception cref="InvalidOperationException">The job has not ended.</exception>
    public Task DeleteAsync(string job, CancellationToken cancellationToken = default) =>
        Calls.RetryAsync(() => Job(job).DeleteAsync(), Patience, cancellationToken);

    /// <summary>How long the queue of a model is.</summary>
    /// <param name="model">The model.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The numbers.</returns>
    public Task<QueueStatus> GetQueueAsync(string model, CancellationToken cancellationToken = default) =>
        Calls.RetryAsync(() => grains.GetGrain<IGenerationQueue>(model).GetStatusAsync(), Patience, cancellationToken);

    private IGenerationJob Job(string job) => grains.GetGrain<IGenerationJob>(job);
}
