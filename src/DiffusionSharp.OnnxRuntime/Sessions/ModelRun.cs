using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>Options of one or more model runs that a cancellation token stops, also in the middle of a run.</summary>
internal sealed class ModelRun : IDisposable
{
    private readonly CancellationTokenRegistration _registration;

    public ModelRun(CancellationToken cancellationToken)
    {
        CancellationToken = cancellationToken;
        Options = new RunOptions();
        _registration = cancellationToken.Register(static options => ((RunOptions)options!).Terminate = true, Options);
    }

    public RunOptions Options { get; }

    public CancellationToken CancellationToken { get; }

    public void ThrowIfCancelled() => CancellationToken.ThrowIfCancellationRequested();

    public void Dispose()
    {
        // The registration first: it waits for a callback that is under way.
        _registration.Dispose();
        Options.Dispose();
    }
}
