using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>A guidance run that hands everything on to another: the base of decorators, which override what they change.</summary>
/// <param name="inner">The run that is wrapped, and disposed with this one.</param>
public abstract class DelegatingGuidanceRun(IGuidanceRun inner) : IGuidanceRun
{
    /// <summary>The run that is wrapped.</summary>
    protected IGuidanceRun Inner { get; } = inner;

    /// <inheritdoc/>
    public virtual bool Needs(int term, in StepPoint at) => Inner.Needs(term, at);

    /// <inheritdoc/>
    public virtual void Combine(in StepPoint at, TermPredictions predictions) => Inner.Combine(at, predictions);

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
