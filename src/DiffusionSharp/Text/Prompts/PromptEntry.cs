namespace DiffusionSharp.Text;

/// <summary>A prompt from a step on.</summary>
/// <param name="FromStep">The first step at which it holds, from 0.</param>
/// <param name="Chunks">At least one; entries of the same text share the list.</param>
public sealed record PromptEntry(int FromStep, IReadOnlyList<PromptChunk> Chunks)
{
    /// <summary>The tokens that a pooled vector is taken from, where the encoder gives one: those of the first chunk.</summary>
    public TokenChunk Pooled { get; init; } = Chunks[0].Terms[0].Tokens;
}
