using Microsoft.Extensions.Options;

namespace DiffusionSharp.Orleans;

/// <summary>
/// One job. What it says has been stored before: two activations do happen, and the storage's ETag lets only one of them commit. The silo that works on
/// the job is anywhere; the number of its attempt lets it commit until another begins.
/// </summary>
internal sealed class JobGrain(
    [PersistentState("order", GenerationFarm.StorageName)] IPersistentState<JobOrderRecord> order,
    [PersistentState("course", GenerationFarm.StorageName)] IPersistentState<JobCourseRecord> course,
    IBlobStore blobs,
    IOptions<FarmOptions> options) : Grain, IGenerationJob, IJobWork
{
    private readonly JobNews _news = new();
    private JobCourseRecord _course = new();
    private GenerationOrder? _order;

    private string Name => this.GetPrimaryKeyString();

    private IQueueWork Queue => GrainFactory.GetGrain<IQueueWork>(_order!.Model);

    private JobStatus? Status => _order is null ? null : _news.Status(Name, _course);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _order = order.RecordExists ? order.State.Order : null;
        _course = course.RecordExists ? course.State : new JobCourseRecord();
        _news.Stored(_course);
        return Task.CompletedTask;
    }

    public async Task<JobStatus> SubmitAsync(GenerationOrder submitted)
    {
        JobName.Require(Name);
        submitted.Check();
        if (_order is not null && !_order.IsSameAs(submitted))
        {
            throw new InvalidOperationException($"The job '{Name}' was submitted before, with another order: give this one another name, or delete that one.");
        }

        if (_course.IsEnded)
        {
            return Status!;
        }

        if (_order is null)
        {
            await StoreAsync(order, new JobOrderRecord { Order = submitted });
            _order = submitted;
        }

        // Whoever submits has not been told yet that the job is there, so it may be forgotten, and is put into the queue at every call.
        try
        {
            await Queue.EnqueueAsync(Name, submitted.Tenant);
        }
        catch (SubmissionRefusedException) when (!course.RecordExists)
        {
            await order.ClearStateAsync();
            DeactivateOnIdle();
            throw;
        }

        return Status!;
    }

    public Task<JobStatus?> GetStatusAsync() => Task.FromResult(Status);

    public async Task<JobStatus?> WatchAsync(JobState state, int step)
    {
        if (Status?.IsNewsAfter(state, step) == false)
        {
            await _news.WaitAsync(Timeouts.News, () => Status?.IsNewsAfter(state, step) != false);
        }

        return _news.HasPreviewAfter(step) ? Status : Status is { } status ? status with { Previews = Array.Empty<byte[]>() } : null;
    }

    public async Task<JobStatus?> CancelAsync()
    {
        if (_order is not null && !_course.IsEnded)
        {
            await CommitAsync(_course with { State = JobState.Cancelled, Checkpoint = null });
        }

        if (_course.State == JobState.Cancelled)
        {
            await Queue.RemoveAsync(Name);
        }

        return Status;
    }

    public async Task DeleteAsync()
    {
        if (_order is null)
        {
            return;
        }

        if (!_course.IsEnded)
        {
            throw new InvalidOperationException($"The job '{Name}' has not ended: cancel it first.");
        }

        // The order last, so that what fails in between can be done again.
        await blobs.DeleteAsync($"{Name}/");
        await course.ClearStateAsync();
        await order.ClearStateAsync();
        DeactivateOnIdle();
    }

    public async Task<Assignment?> BeginAsync(string silo, Guid run)
    {
        if (_order is null || _course.IsEnded)
        {
            return null;
        }

        if (_course.State == JobState.Running && _course.Run == run)
        {
            return Assigned();
        }

        string? error = _course.State == JobState.Running ? $"the silo {_course.Silo} ended, or was cut off, while it ran the job" : _course.Error;
        if (_course.Tries >= options.Value.MaxTries)
        {
            await CommitAsync(_course with { State = JobState.Failed, Error = error, Checkpoint = null });
            return null;
        }

        StepCheckpoint? checkpoint = _course.Checkpoint is { } saved && saved.FrontHash == order.State.FrontHash ? saved : null;
        await CommitAsync(_course with
        {
            State = JobState.Running,
            Attempt = _course.Attempt + 1,
            Tries = _course.Tries + 1,
            Silo = silo,
            Run = run,
            Error = error,
            Checkpoint = checkpoint,
            Step = checkpoint?.Step ?? 0,
        });
        return Assigned();
    }

    public Task<bool> ReportAsync(int attempt, int step, int count, byte[][] previews)
    {
        bool owns = Owns(attempt);
        if (owns)
        {
            _news.Tell(step, count, previews);
        }

        return Task.FromResult(owns);
    }

    public async Task<bool> CheckpointAsync(int attempt, StepCheckpoint checkpoint)
    {
        if (!Owns(attempt))
        {
            return false;
        }

        if (checkpoint.Step > _course.Step)
        {
            if (checkpoint.Front is { } front && checkpoint.FrontHash != order.State.FrontHash)
            {
                await StoreAsync(order, order.State with { Front = front, FrontHash = checkpoint.FrontHash });
            }

            await CommitAsync(_course with { Checkpoint = checkpoint with { Front = null }, Step = checkpoint.Step, StepCount = checkpoint.StepCount, Tries = 0 });
        }

        return true;
    }

    public async Task<bool> CompleteAsync(int attempt, int step, string[] pictures)
    {
        if (Owns(attempt))
        {
            await CommitAsync(_course with { State = JobState.Completed, Pictures = [.. pictures], Step = step, StepCount = step, Checkpoint = null, Error = null });
        }

        return _course.State == JobState.Completed && _course.Attempt == attempt;
    }

    public async Task<bool> FailAsync(int attempt, string error, bool isFinal)
    {
        if (Owns(attempt))
        {
            bool ends = isFinal || _course.Tries >= options.Value.MaxTries;
            await CommitAsync(ends
                ? _course with { State = JobState.Failed, Error = error, Checkpoint = null }
                : _course with { State = JobState.Queued, Error = error });
        }

        return _course.IsEnded;
    }

    public async Task<bool> ReleaseAsync(int attempt)
    {
        bool owns = Owns(attempt);
        if (owns)
        {
            await CommitAsync(_course with { State = JobState.Queued, Tries = Math.Max(0, _course.Tries - 1) });
        }

        return owns;
    }

    private Assignment Assigned() =>
        new() { Attempt = _course.Attempt, Order = _order!, Checkpoint = _course.Checkpoint is { } checkpoint ? checkpoint with { Front = order.State.Front } : null };

    private bool Owns(int attempt) => _course.State == JobState.Running && _course.Attempt == attempt;

    private async Task CommitAsync(JobCourseRecord next)
    {
        await StoreAsync(course, next);
        _course = next;
        _news.Stored(next);
    }

    // What is stored is not known after a failure, so this activation ends, and the next one reads it.
    private async Task StoreAsync<T>(IPersistentState<T> record, T next)
    {
        record.State = next;
        try
        {
            await record.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }
}
