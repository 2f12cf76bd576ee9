using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace DiffusionSharp.Orleans;

/// <summary>
/// The queue of a model. Silos come and ask, so it knows no devices; it takes back what a silo had that has gone. Silos that ask bring it back to life, too, so
/// no reminder is needed.
/// </summary>
[Reentrant]
internal sealed class QueueGrain : Grain, IGenerationQueue, IQueueWork, IDisposable
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    private readonly IPersistentState<QueueRecord> _record;
    private readonly IClusterMembershipService _members;
    private readonly FarmOptions _options;
    private readonly TimeProvider _time;
    private readonly GroupCommit _commit;
    private readonly FairLine _line = new();
    private readonly CancellationTokenSource _ends = new();
    private TaskCompletionSource _arrived = NewSignal();
    private RateLimit? _rate;

    public QueueGrain([PersistentState("queue", GenerationFarm.StorageName)] IPersistentState<QueueRecord> record, IClusterMembershipService members, IOptions<FarmOptions> options, TimeProvider time)
    {
        (_record, _members, _options, _time) = (record, members, options.Value, time);
        _commit = new GroupCommit(StoreAsync);
    }

    private DateTimeOffset Expires => _time.GetUtcNow() + _options.LeaseDuration;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _rate = _options.SubmissionsPerMinute is { } perMinute ? new RateLimit(perMinute, _options.SubmissionBurst, _time, _record.State.Buckets) : null;
        foreach (QueuedJob job in _record.State.Jobs)
        {
            _line.Add(job.Job, job.Tenant);
            if (job.Silo is { } silo)
            {
                _line.Give(job.Job, silo, Expires);
            }
        }

        // The table is younger than any lease here, so a silo that it does not know has gone.
        await _members.Refresh(cancellationToken: cancellationToken);
        Reclaim(_members.CurrentSnapshot, SiloStatus.Dead, SiloStatus.None);
        this.RegisterGrainTimer(CheckAsync, new GrainTimerCreationOptions(CheckEvery, CheckEvery) { Interleave = true });
        _ = WatchAsync(_ends.Token);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _ends.Cancel();
        return Task.CompletedTask;
    }

    public Task<QueueStatus> GetStatusAsync() => Task.FromResult(new QueueStatus(_line.Count - _line.Running, _line.Running, _line.Silos.Count()));

    public async Task EnqueueAsync(string job, string tenant)
    {
        if (!_line.Has(job))
        {
            Admit(tenant);
            _line.Add(job, tenant);
            Arrived();
        }

        await _commit.SaveAsync();
    }

    public async Task<bool> WaitForWorkAsync()
    {
        if (!_line.HasWaiting)
        {
            await Task.WhenAny(_arrived.Task, Task.Delay(Timeouts.News));
        }

        return _line.HasWaiting;
    }

    public async Task<string?> TakeAsync(string silo)
    {
        string? job = _line.Next();
        if (job is not null)
        {
            _line.Give(job, silo, Expires);
            await _commit.SaveAsync();
        }

        return job;
    }

    public Task<string[]> RenewAsync(string silo, string[] jobs) => Task.FromResult(jobs.Where(job => !_line.Renew(job, silo, Expires)).ToArray());

    public async Task ReturnAsync(string job, string silo, bool isFirst)
    {
        if (_line.IsOf(job, silo))
        {
            _line.Return(job, isFirst);
            Arrived();
            await _commit.SaveAsync();
        }
    }

    public async Task ReturnOthersAsync(string silo, string[] jobs)
    {
        if (_line.Reclaim(place => place.Silo == silo && !jobs.Contains(place.Job)) > 0)
        {
            Arrived();
            await _commit.SaveAsync();
        }
    }

    public async Task RemoveAsync(string job)
    {
        if (_line.Remove(job))
        {
            await _commit.SaveAsync();
        }
    }

    public void Dispose() => _ends.Dispose();

    private void Admit(string tenant)
    {
        if (_line.Count >= _options.QueueLength)
        {
            throw new SubmissionRefusedException($"The queue of '{this.GetPrimaryKeyString()}' has {_line.Count} jobs, which is as many as it may.", CheckEvery);
        }

        if (_line.CountOf(tenant) >= _options.QueueLengthPerTenant)
        {
            throw new SubmissionRefusedException($"'{tenant}' has {_line.CountOf(tenant)} jobs in the queue of '{this.GetPrimaryKeyString()}', which is as many as it may.", CheckEvery);
        }

        if (_rate?.Take(tenant) is { } wait && wait > TimeSpan.Zero)
        {
            throw new SubmissionRefusedException($"'{tenant}' submits more than {_options.SubmissionsPerMinute} jobs a minute for '{this.GetPrimaryKeyString()}'.", wait);
        }
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        _rate?.Trim();
        DateTimeOffset now = _time.GetUtcNow();
        if (_line.Reclaim(place => place.Expires <= now) > 0)
        {
            Arrived();
            await _commit.SaveAsync();
        }
    }

    private async Task WatchAsync(CancellationToken ends)
    {
        try
        {
            await foreach (ClusterMembershipSnapshot members in _members.MembershipUpdates.WithCancellation(ends))
            {
                // Not stored: whoever takes the job is, and until then the next activation finds the same.
                Reclaim(members, SiloStatus.Dead);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Reclaim(ClusterMembershipSnapshot members, params SiloStatus[] gone)
    {
        if (_line.Reclaim(place => gone.Contains(members.GetSiloStatus(SiloAddress.FromParsableString(place.Silo)))) > 0)
        {
            Arrived();
        }
    }

    private void Arrived()
    {
        TaskCompletionSource arrived = _arrived;
        _arrived = NewSignal();
        arrived.SetResult();
    }

    // What is stored is not known after a failure, so this activation ends, and the next one reads it.
    private async Task StoreAsync()
    {
        _record.State = new QueueRecord { Jobs = [.. _line.Jobs], Buckets = [.. _rate?.Buckets ?? []] };
        try
        {
            await _record.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
