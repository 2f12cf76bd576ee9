using DiffusionSharp.Conditions;

namespace DiffusionSharp.Prediction;

/// <summary>A prediction run that remembers nothing between calls, as most networks do.</summary>
/// <param name="shape">The shape of the sample.</param>
public abstract class StatelessPredictionRun(SampleShape shape) : IPredictionRun
{
    /// <inheritdoc/>
    public SampleShape Shape => shape;

    /// <inheritdoc/>
    public abstract Span<float> Sample { get; }

    /// <inheritdoc/>
    public abstract Span<float> Prediction { get; }

    /// <inheritdoc/>
    public int Evaluations { get; protected set; }

    /// <summary>Whether the run is disposed.</summary>
    protected bool IsDisposed { get; private set; }

    /// <inheritdoc/>
    public abstract void SetConditions(Conditioning conditioning);

    /// <inheritdoc/>
    public abstract void Predict(in StepPoint at);

    /// <inheritdoc/>
    public virtual void Finish()
    {
    }

    /// <summary>Nothing to save.</summary>
    /// <param name="writer">Left alone.</param>
    public void Save(BinaryWriter writer)
    {
    }

    /// <summary>Nothing to restore.</summary>
    /// <param name="reader">Left alone.</param>
    public void Restore(BinaryReader reader)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!IsDisposed)
        {
            IsDisposed = true;
            Dispose(disposing: true);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the run holds, once; nothing here.</summary>
    /// <param name="disposing">Always true: nothing here has a finalizer.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
