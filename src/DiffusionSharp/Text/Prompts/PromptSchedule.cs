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
