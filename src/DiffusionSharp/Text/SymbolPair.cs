namespace DiffusionSharp.Text;

/// <summary>Two neighbouring symbols of a word, as token ids.</summary>
internal readonly record struct SymbolPair(int Left, int Right)
{
    // Ids are small: the plain exclusive-or would map most pairs onto few values.
    public override int GetHashCode() => (Left * 0x01000193) + Right;
}
