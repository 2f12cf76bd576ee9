using DiffusionSharp.Prediction;

namespace DiffusionSharp.Guidance;

/// <summary>A guidance run that remembers nothing between calls and uses every term.</summary>
public abstract class StatelessGuidanceRun : IGuidanceRun
{
    /// <inheritdoc/>
    public virtual bool Needs(int term, in StepPoint at) => true;

    /// <inheritdoc/>
    public abstract void Combine(in StepPoint at, TermPredictions predictions);

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

    /// <summary>Nothing to release.</summary>
    public void Dispose() => GC.SuppressFinalize(this);
}
