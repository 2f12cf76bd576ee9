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
/// </remarks>
public sealed class BatchingNoisePredictor : INoisePredictor, IDisposable
{
    private readonly IRowwisePredictor _predictor;
    private readonly bool _leaveOpen;
    private readonly BatchDispatcher _dispatcher;
    private bool _disposed;

    /// <summary>Wraps a predictor.</summary>
    /// <param name="predictor">The predictor whose calls are merged.</param>
    /// <param name="options">How they are; the defaults when null.</param>
    /// <param name="leaveOpen">Whether <paramref name="predictor"/> outlives this one instead of being disposed with it.</param>
    /// <exception cref="ArgumentException">The model was made for one number of rows, so nothing can be merged.</exception>
    public BatchingNoisePredictor(IRowwisePredictor predictor, BatchingOptions? options = null, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(predictor);
        if (predictor.FixedRows is { } rows)
        {
            throw new ArgumentException($"The model was made for calls of exactly {rows} rows, so calls cannot be merged: export it with a dynamic batch, or go without batching.", nameof(predictor));
        }

        (_predictor, _leaveOpen) = (predictor, leaveOpen);
        options ??= new BatchingOptions();
        MaxRows = options.MaxRows;
        _dispatcher = new BatchDispatcher(predictor, options);
    }

    /// <summary>The most rows of one call.</summary>
    public int MaxRows { get; }

    /// <summary>How busy it is, and what has been merged so far.</summary>
    public BatchingStatistics Statistics => _dispatcher.Statistics;

    /// <inheritdoc/>
    public string? Fingerprint => _predictor.Fingerprint;

    /// <inheritdoc/>
    int INoisePredictor.MergedRows => MaxRows;

    /// <inheritdoc/>
    public int SizeMultiple => _predictor.SizeMultiple;

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The predictor is disposed.</exception>
    public IPredictionRun Start(PredictionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return _dispatcher.Start(plan);
    }

    /// <summary>
    /// Stops the call in progress, fails every prediction that waits with <see cref="ObjectDisposedException"/>, and disposes the wrapped
    /// predictor unless it was to be left open. Returns when the call has ended.
    /// </summary>
    public void Dispose()
    {
        _dispatcher.Dispose();
        if (!Interlocked.Exchange(ref _disposed, true) && !_leaveOpen)
        {
            (_predictor as IDisposable)?.Dispose();
        }
    }
}
