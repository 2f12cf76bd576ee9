namespace DiffusionSharp;

/// <summary>
/// What remembers something from one step to the next, so that a generation can be stopped and gone on with elsewhere. State is all that
/// later steps depend on and that the options do not say; both methods are without default bodies, so that a decorator cannot forget them.
/// </summary>
public interface IStateful
{
    /// <summary>Writes the state, the same bytes for the same state. Changes nothing.</summary>
    /// <param name="writer">Where to.</param>
    void Save(BinaryWriter writer);

    /// <summary>Takes over the state that <see cref="Save"/> wrote of an instance that was made with the same arguments.</summary>
    /// <param name="reader">Where from; what was written is read, no more and no less.</param>
    /// <exception cref="EndOfStreamException">The state is cut off.</exception>
    void Restore(BinaryReader reader);
}
