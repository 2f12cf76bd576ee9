using System.Runtime.ExceptionServices;
using DiffusionSharp.Conditions;

namespace DiffusionSharp.Prediction;

/// <summary>Takes predictions of all generations, and answers them batch by batch on a thread of its own.</summary>
internal sealed class BatchDispatcher : IDisposable
{
    private readonly object _gate = new();
    private readonly BatchGroups _groups;
    private readonly BatchQueue _queue;
    private readonly List<BatchedRun> _batch = [];
    private readonly Thread _thread;
    private BatchCall? _call;
    private int _waiting;
    private BatchingStatistics _statistics;
    private bool _closed;

    public BatchDispatcher(IRowwisePredictor predictor, BatchingOptions options)
    {
        _groups = new BatchGroups(predictor);
        _queue = new BatchQueue(options, predictor.HasTimestepPerRow);
        _thread = new Thread(AnswerAll) { IsBackground = true, Name = nameof(BatchingNoisePredictor) };
        _thread.Start();
    }

    public BatchingStatistics Statistics
    {
        get
        {
            lock (_gate)
            {
                return _statistics with { Waiting = _queue.Count, ExpiredWaits = _queue.ExpiredWaits };
            }
        }
    }

    public BatchedRun Start(PredictionPlan plan)
    {
        // The model checks the plan now, not in a call with others.
        (BatchGroup group, BatchCall call) = _groups.Join(plan.Shape.Batch, plan.Shape, plan.Conditioning);
        var run = new BatchedRun(this, group, plan, call.PredictionLength);
        lock (_gate)
        {
            // Who is cancelled already has left, and comes no more.
            if (!plan.CancellationToken.IsCancellationRequested)
            {
                group.Members.Add(run);
            }
        }

        return run;
    }

    /// <summary>A generation goes on with other conditions, perhaps among other generations.</summary>
    public void Regroup(BatchedRun run, Conditioning conditioning)
    {
        if (RowShape.Of(run.Shape, conditioning) == run.Group.RowShape)
        {
            return;
        }

        BatchGroup left = run.Group;
        (BatchGroup joined, _) = _groups.Join(run.Rows, run.Shape, conditioning);
        lock (_gate)
        {
            // Who was cancelled has left already.
            if (left.Members.Remove(run))
            {
                joined.Members.Add(run);
            }

            run.Group = joined;
        }

        _groups.Release(left);
    }

    public void Enqueue(BatchedRun run)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(BatchingNoisePredictor));

            // Whoever cancels after this finds the run in the queue.
            run.Plan.CancellationToken.ThrowIfCancellationRequested();
            _queue.Add(run);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>A generation is cancelled: it waits no longer, and what is left of its call goes on.</summary>
    public void Leave(BatchedRun run)
    {
        lock (_gate)
        {
            BatchedRunState state = run.State;
            Finish(run);
            if (state == BatchedRunState.Idle)
            {
                return;
            }

            run.Answer(null);
            if (state == BatchedRunState.Queued)
            {
                _queue.Remove(run);
            }
            else
            {
                _waiting--;
                StopWhenNobodyWaits();
            }
        }
    }

    /// <summary>A generation asks for no further prediction, so nobody waits for it.</summary>
    public void Finish(BatchedRun run)
    {
        lock (_gate)
        {
            run.Group.Members.Remove(run);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>A generation that has finished needs its group no longer.</summary>
    public void Release(BatchedRun run) => _groups.Release(run.Group);

    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            ExceptionDispatchInfo error = ExceptionDispatchInfo.Capture(new ObjectDisposedException(typeof(BatchingNoisePredictor).FullName));
            Answer(_queue.RemoveAll(), error);
            Answer(_batch, error);
            _waiting = 0;
            StopWhenNobodyWaits();
            Monitor.Pulse(_gate);
        }

        _thread.Join();
        _groups.Dispose();
    }

    private static void Answer(List<BatchedRun> runs, ExceptionDispatchInfo? error)
    {
        foreach (BatchedRun run in runs)
        {
            run.Answer(error);
        }
    }

    // Inside the lock: afterwards the model's run might already be in its next call.
    private void StopWhenNobodyWaits()
    {
        if (_waiting == 0)
        {
            _call?.Stop();
        }
    }

    private void AnswerAll()
    {
        // A pipeline inside the predictor must not wait for threads that wait for this one.
        GenerationThreads.RunHere();
        while (TakeBatch() is { } group)
        {
            BatchCall? call = null;
            ExceptionDispatchInfo? error = null;
            try
            {
                call = group.Call(Rows(), _batch[0].Shape, _batch[0].Conditioning);
                Begin(call);
                call.Execute(_batch);
            }
            catch (Exception e)
            {
                error = ExceptionDispatchInfo.Capture(e);
            }

            End(group, call, error);
        }
    }

    /// <summary>Waits for the next batch; null when there will be none.</summary>
    private BatchGroup? TakeBatch()
    {
        lock (_gate)
        {
            while (!_closed)
            {
                TimeSpan wait = _queue.Count == 0 ? Timeout.InfiniteTimeSpan : _queue.Take(_batch);
                if (_batch.Count > 0)
                {
                    _waiting = _batch.Count;
                    _groups.Hold(_batch[0].Group);
                    return _batch[0].Group;
                }

                // In whole milliseconds, upwards: a wait of none would spin.
                Monitor.Wait(_gate, (int)Math.Ceiling(wait.TotalMilliseconds));
            }

            return null;
        }
    }

    private int Rows()
    {
        int rows = 0;
        foreach (BatchedRun run in _batch)
        {
            rows += run.Rows;
        }

        return rows;
    }

    private void Begin(BatchCall call)
    {
        lock (_gate)
        {
            _call = call;
            StopWhenNobodyWaits();
        }
    }

    private void End(BatchGroup group, BatchCall? call, ExceptionDispatchInfo? error)
    {
        lock (_gate)
        {
            _call = null;
            _queue.ModelIsFree();
            _statistics = _statistics with
            {
                Calls = _statistics.Calls + 1,
                Predictions = _statistics.Predictions + _batch.Count,
                Rows = _statistics.Rows + Rows(),
            };
            Answer(_batch, error);
            _batch.Clear();
            if (call is not null && (call.IsStopped || error is not null))
            {
                group.Drop(call);
            }

            _groups.Release(group);
        }
    }
}
