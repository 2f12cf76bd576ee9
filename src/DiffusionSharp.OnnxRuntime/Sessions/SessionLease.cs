using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>The use of a session, which stays loaded until the lease is disposed. Safe for concurrent runs.</summary>
internal sealed class SessionLease(OnnxSession owner, LoadedSession loaded) : IDisposable
{
    private bool _disposed;

    /// <summary>Whether each step has to bind its inputs anew.</summary>
    public bool NeedsRebinding => loaded.NeedsRebinding;

    public OrtIoBinding CreateBinding() => loaded.Session.CreateIoBinding();

    /// <summary>Memory for an input or output to be bound, where the model reads or writes it.</summary>
    public ModelBuffer CreateBuffer(OnnxTensorInfo info, long[] shape) => new(info, owner.Path, shape, loaded.DeviceOf(info.Name));

    /// <summary>Memory that only models read and write, where this one writes an output.</summary>
    public OrtValue Allocate(OnnxTensorInfo output, long[] shape) => loaded.DeviceOf(output.Name) is { } device
        ? device.Allocate(output.ElementType, shape)
        : OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, output.ElementType, shape);

    /// <summary>Binds an output whose shape the first run tells, in memory where the model writes it.</summary>
    public void BindOutput(OrtIoBinding binding, OnnxTensorInfo output) => binding.BindOutputToDevice(output.Name, loaded.DeviceOf(output.Name)?.Place ?? OrtMemoryInfo.DefaultInstance);

    /// <summary>Runs the model on bound buffers; allocates nothing on the managed heap.</summary>
    public void Run(OrtIoBinding binding, ModelRun run)
    {
        Enter(run);
        try
        {
            loaded.Session.RunWithBinding(run.Options, binding);
        }
        catch (OnnxRuntimeException e)
        {
            run.ThrowIfCancelled();
            throw RuntimeErrors.OfRunning(owner.Path, e);
        }
        finally
        {
            loaded.Gate?.Release();
        }
    }

    /// <summary>Runs the model once, on outputs that the runtime allocates.</summary>
    public IDisposableReadOnlyCollection<OrtValue> Run(IReadOnlyList<string> inputs, IReadOnlyList<OrtValue> values, IReadOnlyList<string> outputs, CancellationToken cancellationToken)
    {
        using var run = new ModelRun(cancellationToken);
        Enter(run);
        try
        {
            return loaded.Session.Run(run.Options, inputs, values, outputs);
        }
        catch (OnnxRuntimeException e)
        {
            run.ThrowIfCancelled();
            throw RuntimeErrors.OfRunning(owner.Path, e);
        }
        finally
        {
            loaded.Gate?.Release();
        }
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            owner.Release(loaded);
        }
    }

    private void Enter(ModelRun run)
    {
        owner.ThrowIfDisposed();
        loaded.Gate?.Wait(run.CancellationToken);
        try
        {
            run.ThrowIfCancelled();
        }
        catch
        {
            loaded.Gate?.Release();
            throw;
        }
    }
}
