namespace DiffusionSharp.Hosting.Pipelines;

/// <summary>One pipeline, loaded when it is first asked for, and again after a failure.</summary>
internal sealed class HostedPipeline(Func<CancellationToken, Task<IDiffusionPipeline>> load) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _end = new();
    private Task<IDiffusionPipeline>? _loading;
    private bool _isDisposed;

    public PipelineStatus Status => Volatile.Read(ref _loading) switch
    {
        null => new PipelineStatus(PipelineState.NotLoaded),
        { IsCompleted: false } => new PipelineStatus(PipelineState.Loading),
        { IsCompletedSuccessfully: true } => new PipelineStatus(PipelineState.Ready),
        { Exception: { } error } => new PipelineStatus(PipelineState.Failed, error.InnerException),
        _ => new PipelineStatus(PipelineState.NotLoaded),
    };

    public Task<IDiffusionPipeline> GetAsync(CancellationToken cancellationToken)
    {
        Task<IDiffusionPipeline> loading;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(IDiffusionPipelineProvider));
            if (_loading is null or { IsCompleted: true, IsCompletedSuccessfully: false })
            {
                // Not on the thread of whoever asks first, nor with his span as the parent of everything.
                using (ExecutionContext.SuppressFlow())
                {
                    _loading = Task.Run(() => load(_end.Token));
                }
            }

            loading = _loading;
        }

        return loading.WaitAsync(cancellationToken);
    }

    /// <summary>Stops the loading, or lets go of the pipeline.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        await _end.CancelAsync().ConfigureAwait(false);
        if (_loading is { } loading)
        {
            await ((Task)loading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (loading.IsCompletedSuccessfully && await loading.ConfigureAwait(false) is IAsyncDisposable pipeline)
            {
                await pipeline.DisposeAsync().ConfigureAwait(false);
            }
        }

        _end.Dispose();
    }
}
