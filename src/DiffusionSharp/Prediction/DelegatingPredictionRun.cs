using DiffusionSharp.Conditions;

namespace DiffusionSharp.Prediction;

/// <summary>A prediction run that hands everything on to another: the base of decorators, which override what they change.</summary>
/// <param name="inner">The run that is wrapped, and disposed with this one.</param>
public abstract class DelegatingPredictionRun(IPredictionRun inner) : IPredictionRun
{
    /// <inheritdoc/>
    public virtual SampleShape Shape => Inner.Shape;

    /// <inheritdoc/>
    public virtual Span<float> Sample => Inner.Sample;

    /// <inheritdoc/>
    public virtual Span<float> Prediction => Inner.Prediction;

    /// <inheritdoc/>
    public virtual int Evaluations => Inner.Evaluations;

    /// <summary>The run that is wrapped.</summary>
    protected IPredictionRun Inner { get; } = inner;

    /// <inheritdoc/>
    public virtual void SetConditions(Conditioning conditioning) => Inner.SetConditions(conditioning);

    /// <inheritdoc/>
    public virtual void Predict(in StepPoint at) => Inner.Predict(at);

    /// <inheritdoc/>
    public virtual void Finish() => Inner.Finish();

    /// <inheritdoc/>
    public virtual void Save(BinaryWriter writer) => Inner.Save(writer);

    /// <inheritdoc/>
    public virtual void Restore(BinaryReader reader) => Inner.Restore(reader);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the decorator holds; the base disposes the inner run.</summary>
    /// <param name="disposing">Always true: nothing here has a finalizer.</param>
    protected virtual void Dispose(bool disposing) => Inner.Dispose();
}
