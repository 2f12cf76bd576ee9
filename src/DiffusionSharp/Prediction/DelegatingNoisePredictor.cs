using System.Numerics;

namespace DiffusionSharp.Prediction;

/// <summary>A predictor around another one, or around several: the base of decorators, which start a run around the others' runs.</summary>
/// <param name="inner">The predictor that is wrapped.</param>
/// <param name="leaveOpen">Whether the predictors outlive this one instead of being disposed with it.</param>
/// <param name="others">Further predictors that it asks.</param>
public abstract class DelegatingNoisePredictor(INoisePredictor inner, bool leaveOpen = false, params ReadOnlySpan<INoisePredictor> others) : INoisePredictor, IDisposable
{
    private readonly INoisePredictor[] _all = [inner, .. others];
    private bool _disposed;

    /// <summary>What height and width must be multiples of for all predictors.</summary>
    public virtual int SizeMultiple => _all.Aggregate(1, (multiple, predictor) => multiple / (int)BigInteger.GreatestCommonDivisor(multiple, predictor.SizeMultiple) * predictor.SizeMultiple);

    /// <summary>The fingerprints of all predictors; null where one of them cannot tell.</summary>
    public virtual string? Fingerprint => Array.Exists(_all, predictor => predictor.Fingerprint is null) ? null : string.Concat(_all.Select(predictor => predictor.Fingerprint));

    /// <summary>The most rows of concurrent generations that share a call of one of the predictors.</summary>
    public virtual int MergedRows => _all.Max(predictor => predictor.MergedRows);

    /// <summary>The predictor that is wrapped.</summary>
    protected INoisePredictor Inner => _all[0];

    /// <inheritdoc/>
    public abstract IPredictionRun Start(PredictionPlan plan);

    /// <summary>Disposes the predictors unless they were to be left open.</summary>
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            Dispose(disposing: true);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Starts a run of every predictor, in their order; where one cannot start, those before it are disposed.</summary>
    /// <param name="plan">The plan of all of them.</param>
    /// <returns>The runs, the wrapped predictor's first; the caller's to dispose.</returns>
    protected IPredictionRun[] StartAll(PredictionPlan plan)
    {
        var runs = new List<IPredictionRun>();
        try
        {
            foreach (INoisePredictor predictor in _all)
            {
                runs.Add(predictor.Start(plan));
            }

            return [.. runs];
        }
        catch
        {
            runs.ForEach(run => run.Dispose());
            throw;
        }
    }

    /// <summary>Releases what the decorator holds; the base disposes the predictors, once.</summary>
    /// <param name="disposing">Always true: nothing here has a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!leaveOpen)
        {
            foreach (INoisePredictor predictor in _all)
            {
                (predictor as IDisposable)?.Dispose();
            }
        }
    }
}
