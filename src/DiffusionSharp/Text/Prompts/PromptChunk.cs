namespace DiffusionSharp.Text;

/// <summary>Vectors of one chunk: a sum over encoded tokens, mostly of one term.</summary>
/// <param name="Terms">At least one, all equally long.</param>
public sealed record PromptChunk(params IReadOnlyList<WeightedTokens> Terms);
