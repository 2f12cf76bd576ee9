namespace DiffusionSharp.AspNetCore.Tests.Support;

/// <summary>The small model, whose predictions wait where a test closes the gate, so that nothing depends on how fast they are.</summary>
internal sealed class GatedModel : IDisposable
{
    private readonly SemaphoreSlim _allowed = new(0);
    private volatile bool _isClosed;

    public GatedModel() => Predictor = new RecordingPredictor(Toy.Predict) { BeforePrediction = Wait };

    /// <summary>What the pipeline asks; <see cref="RecordingPredictor.RunningRuns"/> says how many generations hold it.</summary>
    public RecordingPredictor Predictor { get; }

    public DiffusionPipeline Build() => Toy.Builder(Predictor).Build();

    /// <summary>Predictions wait from now on.</summary>
    public void Close() => _isClosed = true;

    /// <summary>Lets some predictions through.</summary>
    public void Let(int predictions) => _allowed.Release(predictions);

    /// <summary>Nothing waits any more.</summary>
    public void Open()
    {
        _isClosed = false;
        _allowed.Release(10_000);
    }

    public void Dispose() => _allowed.Dispose();

    private void Wait()
    {
        if (_isClosed)
        {
            _allowed.Wait(TimeSpan.FromSeconds(60));
        }
    }
}
