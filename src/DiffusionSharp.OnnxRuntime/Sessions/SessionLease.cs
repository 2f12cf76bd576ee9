using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>The use of a session, which stays loaded until the lease is disposed. Safe for concurrent runs.</summary>
internal sealed class SessionLease(OnnxSession owner, InferenceSession session) : IDisposable
{
    private bool _disposed;

    public OrtIoBinding CreateBinding() => session.CreateIoBinding();

    /// <summary>Runs the model on bound buffers; allocates nothing on the managed heap.</summary>
    public void Run(OrtIoBinding binding, ModelRun run)
    {
        owner.ThrowIfDisposed();
        run.ThrowIfCancelled();
        try
        {
            session.RunWithBinding(run.Options, binding);
        }
        catch (OnnxRuntimeException e)
        {
            run.ThrowIfCancelled();
            throw Failed(e);
        }
    }

    /// <summary>Runs the model once, on outputs that the runtime allocates.</summary>
    public IDisposableReadOnlyCollection<OrtValue> Run(IReadOnlyList<string> inputs, IReadOnlyList<OrtValue> values, IReadOnlyList<string> outputs, CancellationToken cancellationToken)
    {
        owner.ThrowIfDisposed();
        using var run = new ModelRun(cancellationToken);
        run.ThrowIfCancelled();
        try
        {
            return session.Run(run.Options, inputs, values, outputs);
        }
        catch (OnnxRuntimeException e)
        {
            run.ThrowIfCancelled();
            throw Failed(e);
        }
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            owner.Release();
        }
    }

    private ModelFormatException Failed(OnnxRuntimeException e) =>
        new(owner.Path, $"ONNX Runtime failed to run the model, usually because of a shape that it does not take: {e.Message}", e);
}
