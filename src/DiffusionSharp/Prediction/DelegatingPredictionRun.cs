using DiffusionSharp.Conditions;

namespace DiffusionSharp.Prediction;

/// <summary>
/// A prediction run that hands everything on to another: the base of decorators, which override what they change. It may hold further runs, which
/// are given the same conditions, and are finished, saved, restored and disposed with the first.
/// </summary>
/// <param name="inner">The run that is wrapped, whose sample and prediction are this one's.</param>
/// <param name="others">Further runs that the decorator asks.</param>
public abstract class DelegatingPredictionRun(IPredictionRun inner, params ReadOnlySpan<IPredictionRun> others) : IPredictionRun
{
    private readonly IPredictionRun[] _all = [inner, .. others];

    /// <inheritdoc/>
    public virtual SampleShape Shape => Inner.Shape;

    /// <inheritdoc/>
    public virtual Span<float> Sample => Inner.Sample;

    /// <inheritdoc/>
    public virtual Span<float> Prediction => Inner.Prediction;

    /// <summary>How often the networks of all runs were evaluated so far.</summary>
    public virtual int Evaluations => _all.Sum(run => run.Evaluations);

    /// <summary>The run that is wrapped.</summary>
    protected IPredictionRun Inner => _all[0];

    /// <inheritdoc/>
    public virtual void SetConditions(Conditioning conditioning)
    {
        foreach (IPredictionRun run in _all)
        {
            run.SetConditions(conditioning);
        }
    }

    /// <inheritdoc/>
    public virtual void Predict(in StepPoint at) => Inner.Predict(at);

    /// <inheritdoc/>
    public virtual void Finish() => Array.ForEach(_all, run => run.Finish());

    /// <inheritdoc/>
    public virtual void Save(BinaryWriter writer) => Array.ForEach(_all, run => run.Save(writer));

    /// <inheritdoc/>
    public virtual void Restore(BinaryReader reader) => Array.ForEach(_all, run => run.Restore(reader));

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the decorator holds; the base disposes the runs.</summary>
    /// <param name="disposing">Always true: nothing here has a finalizer.</param>
    protected virtual void Dispose(bool disposing) => Array.ForEach(_all, run => run.Dispose());
}
