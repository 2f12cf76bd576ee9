namespace DiffusionSharp.Text;

/// <summary>One text as token ids of a fixed length.</summary>
/// <param name="Ids">Begin token, the text's tokens, end token, then padding: the tokenizer's maximum length in all.</param>
/// <param name="Length">How many leading ids carry content: begin token, text and end token, without padding.</param>
/// <param name="TruncatedText">The end of the text that did not fit, as the tokenizer reads it; null when everything fitted.</param>
public sealed record TokenizedText(IReadOnlyList<int> Ids, int Length, string? TruncatedText)
{
    /// <summary>Whether the text was longer than the tokenizer's maximum length, so that its end was dropped.</summary>
    public bool IsTruncated => TruncatedText is not null;
}
