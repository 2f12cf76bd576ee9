namespace DiffusionSharp.Prediction;

/// <summary>The model's run for one number of rows, used for one call after another.</summary>
internal sealed class BatchCall : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IRowwiseRun _run;
    private readonly double[] _timesteps;
    private readonly int _rowLength;

    public BatchCall(IRowwisePredictor predictor, PredictionPlan plan)
    {
        Rows = plan.Shape.Batch;
        _rowLength = plan.Shape.ImageLength;
        _timesteps = new double[Rows];
        _run = predictor.StartRows(plan with { CancellationToken = _stop.Token });
    }

    public int Rows { get; }

    /// <summary>Values of a predicted row.</summary>
    public int PredictionLength => _run.Prediction.Length / Rows;

    /// <summary>Whether <see cref="Stop"/> was called, after which the run is of no more use.</summary>
    public bool IsStopped => _stop.IsCancellationRequested;

    /// <summary>One call for generations that have <see cref="Rows"/> rows together.</summary>
    public void Execute(List<BatchedRun> participants)
    {
        int row = 0;
        foreach (BatchedRun participant in participants)
        {
            participant.Sample.CopyTo(_run.Sample[(row * _rowLength)..]);
            _run.SetConditions(row, participant.Conditioning);
            _timesteps.AsSpan(row, participant.Rows).Fill(participant.Timestep);
            row += participant.Rows;
        }

        _run.Predict(_timesteps);
        ReadOnlySpan<float> prediction = _run.Prediction;
        row = 0;
        foreach (BatchedRun participant in participants)
        {
            prediction.Slice(row * PredictionLength, participant.Prediction.Length).CopyTo(participant.Prediction);
            row += participant.Rows;
        }
    }

    /// <summary>Ends a call in progress.</summary>
    public void Stop() => _stop.Cancel();

    public void Dispose()
    {
        _run.Dispose();
        _stop.Dispose();
    }
}
