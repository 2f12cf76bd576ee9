namespace DiffusionSharp.Hosting;

/// <summary>A turn on a device. Whoever has it generates with its pipeline, and disposes it to let the next one in.</summary>
public sealed class GenerationSlot : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly Action _leave;
    private int _isLeft;

    internal GenerationSlot(IDiffusionPipeline pipeline, CancellationTokenSource stop, Action leave, CancellationToken stopping)
    {
        (Pipeline, Stopping, CancellationToken, _stop, _leave) = (pipeline, stopping, stop.Token, stop, leave);
    }

    /// <summary>The pipeline, or the cascade. Not to be disposed.</summary>
    public IDiffusionPipeline Pipeline { get; }

    /// <summary>To give to the generation: stops it when whoever entered wants so, or when the application has waited for it as long as it does.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>
    /// The application begins to stop, and waits for this generation as long as it does (<c>HostOptions.ShutdownTimeout</c>): a short one goes on to its
    /// end, a long one saves a checkpoint and leaves.
    /// </summary>
    public CancellationToken Stopping { get; }

    /// <summary>Ends the turn.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isLeft, 1) == 0)
        {
            _leave();
            _stop.Dispose();
        }
    }
}
