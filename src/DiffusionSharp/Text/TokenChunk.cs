namespace DiffusionSharp.Text;

/// <summary>The token ids of one row of a text encoder's input, begin, end and padding tokens included. Equal by content.</summary>
/// <param name="Ids">The ids, as many as the encoder takes.</param>
public sealed record TokenChunk(IReadOnlyList<int> Ids)
{
    /// <summary>Which tokens the encoder attends to, for encoders that take a mask; all where null.</summary>
    public IReadOnlyList<bool>? Attended { get; init; }

    /// <inheritdoc/>
    public bool Equals(TokenChunk? other) =>
        other is not null && Ids.SequenceEqual(other.Ids) && (ReferenceEquals(Attended, other.Attended) || (Attended is not null && other.Attended is not null && Attended.SequenceEqual(other.Attended)));

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (int id in Ids)
        {
            hash.Add(id);
        }

        return hash.ToHashCode();
    }
}
