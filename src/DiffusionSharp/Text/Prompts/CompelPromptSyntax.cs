namespace DiffusionSharp.Text;

/// <summary>
/// Prompts as compel reads them. <c>word++</c>, <c>(some words)1.3</c> and <c>"some words"--</c> move the vectors of words away from those of an empty prompt or
/// towards them; what is weaker than 1 is also mixed with the prompt without it; <c>("one", "two").blend(1, 0.5)</c> adds embeddings,
/// <c>("one", "two").and()</c> puts them one behind another.
/// </summary>
/// <remarks>Its <c>.swap()</c> and LoRA weights are refused: they are no embeddings.</remarks>
public sealed record CompelPromptSyntax : IPromptSyntax
{
    /// <summary>
    /// How a prompt without a weaker piece is made. Null, the default: by leaving its tokens out of the attention where the encoder can
    /// (<see cref="ITokenEncoder.TakesMask"/>), as compel does, and else by leaving them out of the prompt.
    /// </summary>
    public CompelDownweighting? Downweighting { get; init; }

    /// <summary>Whether a prompt that is longer than a chunk is cut off, as compel does unless asked otherwise, or goes into as many chunks as there have to be. True by default.</summary>
    public bool Truncates { get; init; } = true;

    /// <summary>Where a longer prompt is cut into chunks. Default: behind sentences.</summary>
    public CompelSplit SplitsBehind { get; init; } = CompelSplit.Sentences;

    /// <summary>What the first end token of each chunk is, which stands for the whole of it. Default: its own.</summary>
    public CompelEndTokens EndTokens { get; init; }

    /// <summary>The parts of a prompt, and their pieces and weights.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <returns>At least one part.</returns>
    /// <exception cref="PromptSyntaxException">The prompt cannot be read.</exception>
    public static CompelPrompt Parse(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return CompelParser.Parse(prompt);
    }

    /// <inheritdoc/>
    public void Check(string prompt) => _ = Parse(prompt);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">A piece is weaker than 1, to be left out of the attention, but the encoder takes no mask.</exception>
    public PromptSchedule Read(string prompt, ClipTokenizer tokenizer, int steps, bool takesMask)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var chunker = new CompelChunker(tokenizer, this, takesMask);
        var sums = new List<CompelSum>();
        foreach (CompelPart part in Parse(prompt).Parts)
        {
            List<CompelSum>[] blended = [.. part.Blended.Select(chunker.Chunks)];
            double divisor = part.Normalizes ? part.Shares.Sum() : 1;
            for (int i = 0; i < blended.Max(chunks => chunks.Count); i++)
            {
                var sum = new CompelSum(tokenizer.MaxLength);
                for (int k = 0; k < blended.Length; k++)
                {
                    sum.Add(i < blended[k].Count ? blended[k][i] : chunker.EmptySum, part.Shares[k] / divisor * part.Weight);
                }

                sum.Add(chunker.EmptySum, 1 - part.Weight);
                sums.Add(sum);
            }
        }

        return new PromptSchedule([new PromptEntry(0, [.. sums.Select(sum => sum.ToChunk())]) { Pooled = new TokenChunk(tokenizer.Tokenize(prompt).Ids) }], chunker.Empty)
        {
            TruncatedText = chunker.TruncatedText,
        };
    }
}
