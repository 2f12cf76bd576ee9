namespace DiffusionSharp.Text;

/// <summary>
/// Prompts as diffusers' community pipeline "long prompt weighting" reads them: <c>(word)</c>, <c>(word:1.3)</c> and <c>[word]</c> weigh the vectors of
/// words, and the mean of the whole prompt stays; tokens go into as many chunks as there have to be, up to <see cref="MostChunks"/>.
/// </summary>
/// <remarks>No spaces around the number of a weight. A prompt that is longer is cut off. Prompts of one generation are equally long, by empty chunks.</remarks>
public sealed record LpwPromptSyntax : IPromptSyntax
{
    /// <summary>The most chunks of a prompt, at least 1. Default: 3.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int MostChunks
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 3;

    /// <summary>Whether begin and end tokens between chunks are left out of what the network sees. False by default.</summary>
    public bool DropsInnerEnds { get; init; }

    /// <summary>Whether brackets are text. False by default.</summary>
    public bool SkipsParsing { get; init; }

    /// <summary>Whether brackets are read, but change nothing. False by default.</summary>
    public bool SkipsWeighting { get; init; }

    /// <summary>The pieces of a prompt and their weights.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <returns>The pieces; neighbours have different weights.</returns>
    /// <exception cref="PromptSyntaxException">A weight is no number or infinite, or brackets are nested too deeply.</exception>
    public IReadOnlyList<WeightedText> Weights(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return SkipsParsing ? [new WeightedText(prompt, 1)] : EmphasisParser.Parse(prompt, breaks: false, allowsSpaces: false);
    }

    /// <inheritdoc/>
    public void Check(string prompt) => _ = Weights(prompt);

    /// <inheritdoc/>
    public PromptSchedule Read(string prompt, ClipTokenizer tokenizer, int steps, bool takesMask)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        var (ids, weights) = (new List<int>(), new List<float>());
        foreach (WeightedText piece in Weights(prompt))
        {
            ids.AddRange(tokenizer.Encode(piece.Text));
            weights.AddRange(Enumerable.Repeat(SkipsWeighting ? 1 : (float)piece.Weight, ids.Count - weights.Count));
        }

        int length = tokenizer.MaxLength - 2;
        int kept = (int)Math.Min(ids.Count, (long)length * MostChunks);
        var chunks = new List<PromptChunk>();
        for (int start = 0; start < kept || chunks.Count == 0; start += length)
        {
            int count = Math.Min(length, kept - start);
            chunks.Add(ChunkOf(tokenizer, ids.GetRange(start, count), weights.GetRange(start, count)));
        }

        return new PromptSchedule([new PromptEntry(0, chunks)], ChunkOf(tokenizer, [], []).Terms[0].Tokens)
        {
            Mean = SkipsParsing || SkipsWeighting ? PromptMean.Free : PromptMean.OfEntry,
            DropsInnerEnds = DropsInnerEnds,
            TruncatedText = kept < ids.Count ? tokenizer.Decode(ids[kept..]) : null,
        };
    }

    // Unlike elsewhere the end token is the very last one, behind the padding.
    private static PromptChunk ChunkOf(ClipTokenizer tokenizer, List<int> text, List<float> textWeights)
    {
        var (ids, weights) = (new int[tokenizer.MaxLength], new float[tokenizer.MaxLength]);
        Array.Fill(ids, tokenizer.PaddingTokenId);
        Array.Fill(weights, 1);
        (ids[0], ids[^1]) = (tokenizer.BeginTokenId, tokenizer.EndTokenId);
        text.CopyTo(ids, 1);
        textWeights.CopyTo(weights, 1);
        return new PromptChunk(new WeightedTokens(new TokenChunk(ids), weights));
    }
}
