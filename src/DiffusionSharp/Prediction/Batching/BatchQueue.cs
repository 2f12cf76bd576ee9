using System.Diagnostics;

namespace DiffusionSharp.Prediction;

/// <summary>The predictions that wait, oldest first, and which of them go together when. Guarded by the dispatcher.</summary>
internal sealed class BatchQueue(BatchingOptions options, bool hasTimestepPerRow)
{
    private readonly List<BatchedRun> _runs = [];
    private long _freeSince;

    /// <summary>How often a call left without all that it waited for.</summary>
    public long ExpiredWaits { get; private set; }

    public int Count => _runs.Count;

    public void Add(BatchedRun run)
    {
        run.AskedAt = Stopwatch.GetTimestamp();
        run.State = BatchedRunState.Queued;
        run.IsExpected = true;
        _runs.Add(run);
    }

    public void Remove(BatchedRun run) => _runs.Remove(run);

    public List<BatchedRun> RemoveAll()
    {
        List<BatchedRun> all = [.. _runs];
        _runs.Clear();
        return all;
    }

    /// <summary>The model has nothing to do from now on.</summary>
    public void ModelIsFree() => _freeSince = Stopwatch.GetTimestamp();

    /// <summary>Moves the oldest prediction, and those that go with it, to the next batch; or says how long to wait for more of them.</summary>
    public TimeSpan Take(List<BatchedRun> batch)
    {
        int room = Select(batch);
        bool isIncomplete = CouldGrow(room);
        TimeSpan wait = isIncomplete ? RemainingWait() : TimeSpan.Zero;
        if (wait > TimeSpan.Zero)
        {
            batch.Clear();
            return wait;
        }

        if (isIncomplete)
        {
            GiveUpWaiting();
        }

        foreach (BatchedRun run in batch)
        {
            _runs.Remove(run);
            run.State = BatchedRunState.Running;
        }

        return TimeSpan.Zero;
    }

    /// <summary>Selects in the order of arrival; returns how many rows are free, 0 where the next prediction does not fit.</summary>
    private int Select(List<BatchedRun> batch)
    {
        BatchedRun oldest = _runs[0];
        int room = options.MaxRows;
        foreach (BatchedRun run in _runs)
        {
            if (run.Group != oldest.Group || (run.Timestep != oldest.Timestep && !hasTimestepPerRow))
            {
                continue;
            }

            // Nobody overtakes. The oldest goes even where it is too large.
            if (run.Rows > room && run != oldest)
            {
                return 0;
            }

            batch.Add(run);
            room -= run.Rows;
        }

        return room;
    }

    private bool CouldGrow(int room)
    {
        foreach (BatchedRun run in _runs[0].Group.Members)
        {
            if (run.State == BatchedRunState.Idle && run.IsExpected && run.Rows <= room)
            {
                return true;
            }
        }

        return false;
    }

    // From when both a prediction and the model were there: who was in the last call needs a moment to come back.
    private TimeSpan RemainingWait() => options.MaxWait - Stopwatch.GetElapsedTime(Math.Max(_runs[0].AskedAt, _freeSince));

    // Who is this late is not waited for again until it has come.
    private void GiveUpWaiting()
    {
        ExpiredWaits++;
        foreach (BatchedRun run in _runs[0].Group.Members)
        {
            run.IsExpected &= run.State != BatchedRunState.Idle;
        }
    }
}
