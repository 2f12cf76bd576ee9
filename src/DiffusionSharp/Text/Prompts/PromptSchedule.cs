namespace DiffusionSharp.Text;

/// <summary>A prompt as chunks of weighted tokens, which may change on the way.</summary>
/// <param name="Entries">What holds from which step on, in order; the first from step 0.</param>
/// <param name="Empty">The chunk of an empty prompt, which makes entries equally long.</param>
public sealed record PromptSchedule(IReadOnlyList<PromptEntry> Entries, TokenChunk Empty)
{
    /// <summary>Which mean the weights leave as it was.</summary>
    public PromptMean Mean { get; init; }

    /// <summary>
    /// Whether prompts that share a model call are made equally long by repeating the last vector of the shorter ones, and not by empty chunks.
    /// Entries of one prompt are made so by empty chunks.
    /// </summary>
    public bool RepeatsLastVector { get; init; }

    /// <summary>Whether begin and end tokens between chunks are left out.</summary>
    public bool DropsInnerEnds { get; init; }

    /// <summary>The end of the prompt that is left out; null where nothing is.</summary>
    public string? TruncatedText { get; init; }
}

/// <summary>A prompt from a step on.</summary>
/// <param name="FromStep">The first step at which it holds, from 0.</param>
/// <param name="Chunks">At least one; entries of the same text share the list.</param>
public sealed record PromptEntry(int FromStep, IReadOnlyList<PromptChunk> Chunks)
{
    /// <summary>The tokens that a pooled vector is taken from, where the encoder gives one: those of the first chunk.</summary>
    public TokenChunk Pooled { get; init; } = Chunks[0].Terms[0].Tokens;
}

/// <summary>Vectors of one chunk: a sum over encoded tokens, mostly of one term.</summary>
/// <param name="Terms">At least one, all equally long.</param>
public sealed record PromptChunk(params IReadOnlyList<WeightedTokens> Terms);

/// <summary>Tokens, and what each of their vectors is multiplied with.</summary>
/// <param name="Tokens">The tokens.</param>
/// <param name="Weights">A weight for each.</param>
public sealed record WeightedTokens(TokenChunk Tokens, IReadOnlyList<float> Weights)
{
    /// <summary>How many places behind its own the vector of each place is taken from; what is outside counts as 0. 0 for most.</summary>
    public int Offset { get; init; }
}

/// <summary>Which mean of a prompt's vectors weights leave as it was: what is weighted is scaled by the mean before over the mean after.</summary>
public enum PromptMean
{
    /// <summary>None: vectors are as the weights make them.</summary>
    Free,

    /// <summary>That of each chunk, over all entries of the prompt.</summary>
    OfChunk,

    /// <summary>That of an entry.</summary>
    OfEntry,
}
