namespace DiffusionSharp.Prediction;

/// <summary>
/// Merges the model calls of concurrent generations into batches, each generation at its own timestep (continuous batching, as Orca has
/// it for text: Yu et al. 2022, OSDI). First come, first served; a generation joins and leaves between any two calls.
/// </summary>
/// <remarks>
/// Calls run one after another on a thread of this predictor. Only samples and conditions of the same shape go together, and only the
/// same timestep where the model takes one for all rows. A cancelled generation leaves at once and the others go on; a call that nobody
/// waits for any longer is stopped. An error of a call is thrown to every generation in it.
/// A generation that is alone has the bits that it has without batching; in company those of a larger batch.
/// Disposal stops the call in progress, fails every prediction that waits with <see cref="ObjectDisposedException"/>, and returns when the call
/// has ended.
/// </remarks>
public sealed class BatchingNoisePredictor : DelegatingNoisePredictor
{
    private readonly BatchDispatcher _dispatcher;

    /// <summary>Wraps a predictor.</summary>
    /// <param name="predictor">The predictor whose calls are merged.</param>
    /// <param name="options">How they are; the defaults when null.</param>
    /// <param name="leaveOpen">Whether <paramref name="predictor"/> outlives this one instead of being disposed with it.</param>
    /// <exception cref="ArgumentException">The model was made for one number of rows, so nothing can be merged.</exception>
    public BatchingNoisePredictor(IRowwisePredictor predictor, BatchingOptions? options = null, bool leaveOpen = false)
        : base(predictor, leaveOpen)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        if (predictor.FixedRows is { } rows)
        {
            throw new ArgumentException($"The model was made for calls of exactly {rows} rows, so calls cannot be merged: export it with a dynamic batch, or go without batching.", nameof(predictor));
        }

        options ??= new BatchingOptions();
        MergedRows = options.MaxRows;
        _dispatcher = new BatchDispatcher(predictor, options);
    }

    /// <summary>The most rows of one call.</summary>
    public override int MergedRows { get; }

    /// <summary>How busy it is, and what has been merged so far.</summary>
    public BatchingStatistics Statistics => _dispatcher.Statistics;

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The predictor is disposed.</exception>
    public override IPredictionRun Start(PredictionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return _dispatcher.Start(plan);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _dispatcher.Dispose();
        base.Dispose(disposing);
    }
}
