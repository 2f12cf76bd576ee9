using DiffusionSharp.Conditions;

namespace DiffusionSharp.Prediction;

/// <summary>Generations whose rows have the same shape, and the model's runs for them, one for each number of rows that came together.</summary>
internal sealed class BatchGroup(IRowwisePredictor predictor, string rowShape) : IDisposable
{
    private readonly Dictionary<int, BatchCall> _calls = [];
    private bool _disposed;

    public string RowShape => rowShape;

    /// <summary>Generations of this group, in the order in which they started. Guarded by the dispatcher.</summary>
    public List<BatchedRun> Members { get; } = [];

    /// <summary>Those who need the group: members, those about to be, and a call in progress. Guarded by <see cref="BatchGroups"/>.</summary>
    public int Users { get; set; }

    /// <summary>The model's run for a number of rows, made when it is first needed.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="shape">The shape of a sample of this group.</param>
    /// <param name="conditioning">Its conditions; used as they are where they have that many rows, so that the model checks them.</param>
    public BatchCall Call(int rows, SampleShape shape, Conditioning conditioning)
    {
        lock (_calls)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(BatchingNoisePredictor));
            if (!_calls.TryGetValue(rows, out BatchCall? call))
            {
                Conditioning all = rows == shape.Batch ? conditioning : ConditionRows.Repeat(conditioning, rows);
                _calls[rows] = call = new BatchCall(predictor, new PredictionPlan(shape.WithBatch(rows), all));
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
