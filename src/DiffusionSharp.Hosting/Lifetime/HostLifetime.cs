namespace DiffusionSharp.Hosting.Lifetime;

/// <summary>Who generates, and whether the application still begins generations.</summary>
internal sealed class HostLifetime : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStopping;

    /// <summary>The application begins to stop.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>The application waits for nobody any longer.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>Done when the application is stopping and the last generation has ended.</summary>
    public Task Idle => _idle.Task;

    /// <summary>Generations that run.</summary>
    public int Running { get; private set; }

    /// <summary>A generation begins; false where the application is stopping.</summary>
    public bool TryEnter()
    {
        lock (_gate)
        {
            Running += _isStopping ? 0 : 1;
            return !_isStopping;
        }
    }

    /// <summary>A generation has ended.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            Running--;
            NoteIdle();
        }
    }

    /// <summary>From now on no generation begins.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopping = true;
            NoteIdle();
        }

        _stopping.Cancel();
    }

    /// <summary>Stops those that still run.</summary>
    public void Abandon() => _abandoned.Cancel();

    public void Dispose()
    {
        _stopping.Dispose();
        _abandoned.Dispose();
    }

    private void NoteIdle()
    {
        if (_isStopping && Running == 0)
        {
            _idle.TrySetResult();
        }
    }
}
