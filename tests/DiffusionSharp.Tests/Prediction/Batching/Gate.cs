namespace DiffusionSharp.Tests.Prediction.Batching;

/// <summary>Holds the model's calls until it is opened, so that what comes meanwhile comes meanwhile.</summary>
internal sealed class Gate : IDisposable
{
    private readonly SemaphoreSlim _entered = new(0);
    private readonly ManualResetEventSlim _open = new();
    private Exception? _failure;

    public void Hold(CancellationToken cancellationToken)
    {
        _entered.Release();
        _open.Wait(cancellationToken);
        if (_failure is not null)
        {
            throw _failure;
        }
    }

    /// <summary>Waits until a call is inside.</summary>
    public void WaitForCall() => Assert.True(_entered.Wait(Generations.Patience));

    public void Open() => _open.Set();

    /// <summary>Lets the calls inside end with an error.</summary>
    public void Fail(Exception failure)
    {
        _failure = failure;
        Open();
    }

    public void Dispose()
    {
        _entered.Dispose();
        _open.Dispose();
    }
}
