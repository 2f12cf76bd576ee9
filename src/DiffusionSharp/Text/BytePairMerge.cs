namespace DiffusionSharp.Text;

/// <summary>What a pair of symbols merges into.</summary>
/// <param name="Rank">Position in the list of merges; the lowest is applied first.</param>
/// <param name="Result">The merged symbol, as token id.</param>
internal readonly record struct BytePairMerge(int Rank, int Result)
{
    /// <summary>Of a pair that does not merge.</summary>
    public static readonly BytePairMerge None = new(int.MaxValue, -1);
}
