namespace DiffusionSharp.Text;

/// <summary>Tokens, and what each of their vectors is multiplied with.</summary>
/// <param name="Tokens">The tokens.</param>
/// <param name="Weights">A weight for each.</param>
public sealed record WeightedTokens(TokenChunk Tokens, IReadOnlyList<float> Weights)
{
    /// <summary>How many places behind its own the vector of each place is taken from; what is outside counts as 0. 0 for most.</summary>
    public int Offset { get; init; }
}
