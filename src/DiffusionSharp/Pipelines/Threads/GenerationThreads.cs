namespace DiffusionSharp;

/// <summary>
/// The threads that generations run on: a bounded number, each started when it is needed and gone when it has had nothing to do for a while,
/// with one queue in front, first come, first served. Model calls block, so they are kept off the pool, which others need.
/// </summary>
internal sealed class GenerationThreads : IDisposable
{
    [ThreadStatic]
    private static bool _isWorker;

    private readonly object _gate = new();
    private readonly Queue<Action> _queue = [];
    private readonly int _bound;
    private int _threads;
    private int _idle;
    private bool _isClosed;

    /// <param name="bound">The most threads, at least 1.</param>
    public GenerationThreads(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        _bound = bound;
    }

    /// <summary>How long a thread that has nothing to do waits for more.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Runs some work on one of the threads; on the calling thread where that is one of such threads already, for a pipeline inside a part of
    /// another must not wait for a thread that waits for it.
    /// </summary>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Leaves the queue; work that has begun sees to itself.</param>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        var item = new WorkItem<T>(work, cancellationToken);
        if (_isWorker)
        {
            item.Run();
        }
        else
        {
            Enqueue(item.Run);
        }

        return item.Task;
    }

    /// <summary>Lets threads go that have nothing to do, instead of after a while. Work that is in the queue is still done.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>From now on work that is asked for on the calling thread runs on it.</summary>
    public static void RunHere() => _isWorker = true;

    private void Enqueue(Action run)
    {
        lock (_gate)
        {
            _queue.Enqueue(run);
            if (_idle >= _queue.Count || _threads == _bound)
            {
                Monitor.Pulse(_gate);
                return;
            }

            _threads++;
        }

        // The flow of whoever asked first is not this thread's.
        using (ExecutionContext.SuppressFlow())
        {
            new Thread(WorkAll) { IsBackground = true, Name = "DiffusionSharp generation" }.Start();
        }
    }

    private void WorkAll()
    {
        RunHere();
        while (Take() is { } run)
        {
            run();
        }
    }

    private Action? Take()
    {
        lock (_gate)
        {
            while (_queue.Count == 0)
            {
                _idle++;
                bool isCalled = !_isClosed && Monitor.Wait(_gate, Idle);
                _idle--;
                if (_queue.Count == 0 && (_isClosed || !isCalled))
                {
                    _threads--;
                    return null;
                }
            }

            return _queue.Dequeue();
        }
    }

    /// <summary>Some work and its outcome.</summary>
    private sealed class WorkItem<T> : TaskCompletionSource<T>
    {
        private readonly Func<T> _work;
        private readonly CancellationToken _cancellationToken;
        private readonly CancellationTokenRegistration _registration;
        private readonly ExecutionContext? _context = ExecutionContext.Capture();
        private int _isTaken;

        public WorkItem(Func<T> work, CancellationToken cancellationToken)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            (_work, _cancellationToken) = (work, cancellationToken);
            _registration = cancellationToken.UnsafeRegister(static item => ((WorkItem<T>)item!).Leave(), this);
        }

        public void Run()
        {
            if (!TryTake())
            {
                return;
            }

            _registration.Dispose();
            if (_context is null)
            {
                Complete();
            }
            else
            {
                ExecutionContext.Run(_context, static item => ((WorkItem<T>)item!).Complete(), this);
            }
        }

        private void Complete()
        {
            try
            {
                SetResult(_work());
            }
            catch (OperationCanceledException canceled) when (_cancellationToken.IsCancellationRequested)
            {
                SetCanceled(canceled.CancellationToken);
            }
            catch (Exception error)
            {
                SetException(error);
            }
        }

        private void Leave()
        {
            if (TryTake())
            {
                SetCanceled(_cancellationToken);
            }
        }

        private bool TryTake() => Interlocked.Exchange(ref _isTaken, 1) == 0;
    }
}
