namespace DiffusionSharp.Text;

/// <summary>Cuts weighted text into chunks of tokens as stable-diffusion-webui does: at BREAK, where a chunk is full, or at a comma shortly before.</summary>
internal sealed class A1111Chunker(ClipTokenizer tokenizer, int commaBacktrack)
{
    private const int Nowhere = -1;

    private readonly int _length = tokenizer.MaxLength - 2;
    private readonly int _comma = tokenizer.Encode(",") is [int comma] ? comma : Nowhere;

    /// <summary>The chunk of an empty prompt.</summary>
    public TokenChunk Empty { get; } = Frame(tokenizer, []);

    public IReadOnlyList<PromptChunk> Cut(IReadOnlyList<WeightedText> pieces, bool weighs)
    {
        var chunks = new List<PromptChunk>();
        var (ids, weights) = (new List<int>(), new List<float>());
        int lastComma = Nowhere;
        foreach (WeightedText piece in pieces)
        {
            if (piece is { Text: EmphasisParser.Break, Weight: EmphasisParser.BreakWeight })
            {
                EndChunk();
                continue;
            }

            foreach (int id in tokenizer.Encode(piece.Text))
            {
                if (id == _comma)
                {
                    lastComma = ids.Count;
                }
                else if (ids.Count == _length && lastComma != Nowhere && ids.Count - lastComma <= commaBacktrack)
                {
                    EndChunkAt(lastComma + 1);
                }

                if (ids.Count == _length)
                {
                    EndChunk();
                }

                ids.Add(id);
                weights.Add(weighs ? (float)piece.Weight : 1);
            }
        }

        if (ids.Count > 0 || chunks.Count == 0)
        {
            EndChunk();
        }

        return chunks;

        void EndChunkAt(int end)
        {
            (List<int> nextIds, List<float> nextWeights) = (ids[end..], weights[end..]);
            (ids, weights) = (ids[..end], weights[..end]);
            EndChunk();
            (ids, weights) = (nextIds, nextWeights);
        }

        void EndChunk()
        {
            var all = new float[tokenizer.MaxLength];
            Array.Fill(all, 1);
            weights.CopyTo(all, 1);
            chunks.Add(new PromptChunk(new WeightedTokens(Frame(tokenizer, ids), all)));
            (ids, weights, lastComma) = ([], [], Nowhere);
        }
    }

    // Where padding is a token of its own, all behind the first end token is padding, also where a prompt spells an end token out.
    private static TokenChunk Frame(ClipTokenizer tokenizer, List<int> text)
    {
        int spelledOut = tokenizer.PaddingTokenId == tokenizer.EndTokenId ? Nowhere : text.IndexOf(tokenizer.EndTokenId);
        return new TokenChunk(tokenizer.Frame(text, spelledOut == Nowhere ? text.Count : spelledOut));
    }
}
