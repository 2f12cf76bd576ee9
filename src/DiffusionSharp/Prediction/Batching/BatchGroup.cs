namespace DiffusionSharp.Prediction;

/// <summary>Generations whose rows have the same shape, and the model's runs for them, one for each number of rows that came together.</summary>
internal sealed class BatchGroup(IRowwisePredictor predictor, string rowShape) : IDisposable
{
    private readonly Dictionary<int, BatchCall> _calls = [];
    private bool _disposed;

    public string RowShape => rowShape;

    /// <summary>Generations of this group, in the order in which they started. Guarded by the dispatcher.</summary>
    public List<BatchedRun> Members { get; } = [];

    /// <summary>Those who need the group: members, those about to be, and a call in progress. Guarded by the dispatcher.</summary>
    public int Users { get; set; }

    /// <summary>The model's run for a number of rows, made when it is first needed.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="like">A plan of this group; used as it is where it has that many rows, so that the model checks it.</param>
    public BatchCall Call(int rows, PredictionPlan like)
    {
        lock (_calls)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(BatchingNoisePredictor));
            if (!_calls.TryGetValue(rows, out BatchCall? call))
            {
                Conditioning conditioning = rows == like.Shape.Batch ? like.Conditioning : ConditionRows.Repeat(like.Conditioning, rows);
                _calls[rows] = call = new BatchCall(predictor, new PredictionPlan(like.Shape.WithBatch(rows), conditioning));
            }

            return call;
        }
    }

    /// <summary>Forgets a run that was stopped or failed.</summary>
    public void Drop(BatchCall call)
    {
        lock (_calls)
        {
            _calls.Remove(call.Rows);
        }

        call.Dispose();
    }

    public void Dispose()
    {
        lock (_calls)
        {
            _disposed = true;
            foreach (BatchCall call in _calls.Values)
            {
                call.Dispose();
            }

            _calls.Clear();
        }
    }
}
