namespace DiffusionSharp.Text;

/// <summary>Turns weighted pieces into chunks as compel does.</summary>
internal sealed class CompelChunker
{
    // What compel takes for a weight of 0, at which the share of the prompt without the piece would be infinite.
    private const double SmallestWeight = 1e-5;

    private const int Nowhere = -1;

    private readonly ClipTokenizer _tokenizer;
    private readonly CompelPromptSyntax _syntax;
    private readonly bool _takesMask;
    private readonly int _length;

    public CompelChunker(ClipTokenizer tokenizer, CompelPromptSyntax syntax, bool takesMask)
    {
        (_tokenizer, _syntax, _takesMask, _length) = (tokenizer, syntax, takesMask, tokenizer.MaxLength - 2);
        Empty = Frame([]);
        EmptySum = Plain(Empty);
    }

    /// <summary>The chunk of an empty prompt.</summary>
    public TokenChunk Empty { get; }

    /// <inheritdoc cref="Empty"/>
    public CompelSum EmptySum { get; }

    /// <summary>What was left out so far; null where nothing was.</summary>
    public string? TruncatedText { get; private set; }

    /// <summary>The chunks of one prompt: itself, and for each piece that is weaker than 1 a share of itself without it.</summary>
    public List<CompelSum> Chunks(IReadOnlyList<WeightedText> pieces)
    {
        (List<Chunk> all, string? truncated) = Cut(pieces);
        TruncatedText ??= truncated;
        var variants = new List<(List<CompelSum> Chunks, double Share)> { (Weighted(all, []), 1) };
        for (int i = 0; i < pieces.Count; i++)
        {
            if (pieces[i].Weight < 1 && all.Exists(chunk => chunk.Pieces.Contains(i)))
            {
                double share = Math.Tan((1 - Math.Max(SmallestWeight, pieces[i].Weight)) * Math.PI / 2);
                variants.Add((Without(i, pieces, all), share));
            }
        }

        double shares = variants.Sum(variant => variant.Share);
        var sums = new List<CompelSum>();
        for (int i = 0; i < variants.Max(variant => variant.Chunks.Count); i++)
        {
            var sum = new CompelSum(_tokenizer.MaxLength);
            variants.ForEach(variant => sum.Add(i < variant.Chunks.Count ? variant.Chunks[i] : EmptySum, variant.Share / shares));
            sums.Add(sum);
        }

        ReplaceEndTokens(all, sums);
        return sums;
    }

    private List<CompelSum> Without(int piece, IReadOnlyList<WeightedText> pieces, List<Chunk> all)
    {
        if ((_syntax.Downweighting ?? (_takesMask ? CompelDownweighting.Mask : CompelDownweighting.Remove)) == CompelDownweighting.Remove)
        {
            return Weighted(Cut([.. pieces.Where((_, i) => i != piece)]).Chunks, []);
        }

        return _takesMask
            ? Weighted(all, MaskOf(piece, all))
            : throw new NotSupportedException($"The text encoder was exported without an attention_mask, so no piece can be left out of its attention: set {nameof(CompelPromptSyntax.Downweighting)} to {nameof(CompelDownweighting.Remove)}.");
    }

    // From the first of its tokens to the last, whatever lies between, but neither the begin token of a chunk nor its last. Where a prompt is cut off
    // within the piece, up to the very end.
    private HashSet<int> MaskOf(int piece, List<Chunk> all)
    {
        int[] places = [.. all.SelectMany((chunk, i) => chunk.Pieces.Select((p, j) => (Piece: p, Place: (i * _tokenizer.MaxLength) + j + 1)).Where(token => token.Piece == piece).Select(token => token.Place))];
        int last = _syntax.Truncates && all[^1].IsCutWithin == piece ? _tokenizer.MaxLength - 1 : places[^1];
        return [.. Enumerable.Range(places[0], last - places[0] + 1).Where(place => _syntax.Truncates || (place % _tokenizer.MaxLength != 0 && place % _tokenizer.MaxLength != _tokenizer.MaxLength - 1))];
    }

    // A vector v of weight w is e + w·(v - e), where e is that of an empty prompt.
    private List<CompelSum> Weighted(List<Chunk> chunks, HashSet<int> masked)
    {
        var sums = new List<CompelSum>();
        for (int i = 0; i < chunks.Count; i++)
        {
            int start = i * _tokenizer.MaxLength;
            TokenChunk tokens = Frame(chunks[i].Ids);
            if (masked.Any(place => place >= start && place < start + _tokenizer.MaxLength))
            {
                tokens = tokens with { Attended = [.. Enumerable.Range(start, _tokenizer.MaxLength).Select(place => !masked.Contains(place))] };
            }

            CompelSum sum = Plain(tokens);
            double[] own = sum.Of(tokens);
            for (int j = 0; j < chunks[i].Weights.Count; j++)
            {
                if (chunks[i].Weights[j] != 1)
                {
                    own[j + 1] = chunks[i].Weights[j];
                    sum.Of(Empty)[j + 1] += 1 - chunks[i].Weights[j];
                }
            }

            sums.Add(sum);
        }

        return sums;
    }

    private void ReplaceEndTokens(List<Chunk> chunks, List<CompelSum> sums)
    {
        if (chunks.Count < 2 || _syntax.EndTokens == CompelEndTokens.Own)
        {
            return;
        }

        (CompelSum Sum, int At, double Factor)[] ends = [.. chunks.Zip(sums, (chunk, sum) => (sum.Copy(), chunk.Ids.Count + 1, 1.0 / chunks.Count))];
        for (int i = 0; i < chunks.Count; i++)
        {
            sums[i].Replace(ends[i].At, _syntax.EndTokens == CompelEndTokens.Mean ? ends : [(ends[0].Sum, ends[0].At, 1)]);
        }
    }

    private CompelSum Plain(TokenChunk tokens)
    {
        var sum = new CompelSum(_tokenizer.MaxLength);
        Array.Fill(sum.Of(tokens), 1);
        return sum;
    }

    private TokenChunk Frame(List<int> text) => new(_tokenizer.Frame(text, text.Count));

    private (List<Chunk> Chunks, string? Truncated) Cut(IReadOnlyList<WeightedText> pieces)
    {
        var rest = new Chunk([], [], []);
        var ids = new List<int>();
        for (int i = 0; i < pieces.Count; i++)
        {
            // Where a prompt is cut off, each piece is first cut off alone.
            IReadOnlyList<int> piece = _tokenizer.Encode(pieces[i].Text);
            ids.AddRange(piece);
            rest.Add(_syntax.Truncates ? piece.Take(_length) : piece, pieces[i].Weight, i);
        }

        if (_syntax.Truncates && ids.Count > _length)
        {
            Chunk kept = rest.Range(0, Math.Min(rest.Ids.Count, _length));
            kept.IsCutWithin = rest.Ids.Count > _length && kept.Pieces[^1] == rest.Pieces[_length] ? kept.Pieces[^1] : Nowhere;
            return ([kept], _tokenizer.Decode(ids[_length..]));
        }

        var chunks = new List<Chunk>();
        int start = 0;
        do
        {
            int count = Math.Min(rest.Ids.Count - start, _length);
            int end = start + count < rest.Ids.Count ? SplitPoint(rest.Ids, start, count) : start + count;
            chunks.Add(rest.Range(start, end - start));
            start = end;
        }
        while (start < rest.Ids.Count);
        return (chunks, null);
    }

    private int SplitPoint(List<int> ids, int start, int count)
    {
        for (CompelSplit split = _syntax.SplitsBehind; split > CompelSplit.Tokens; split--)
        {
            for (int at = start + count - 1; at >= start; at--)
            {
                if (EndsAt(ids[at], split))
                {
                    return at + 1;
                }
            }
        }

        return start + count;
    }

    private bool EndsAt(int id, CompelSplit split) => split switch
    {
        CompelSplit.Words => _tokenizer.EndsWord(id),
        CompelSplit.Phrases => IsAnyOf(id, [".", ",", ";", ":"]),
        _ => IsAnyOf(id, ["."]),
    };

    private bool IsAnyOf(int id, string[] marks) => Array.Exists(marks, mark => _tokenizer.Encode(mark) is [int only] && only == id);

    /// <summary>Tokens, their weights, and which piece each is of.</summary>
    private sealed record Chunk(List<int> Ids, List<double> Weights, List<int> Pieces)
    {
        /// <summary>The piece that goes on behind what was cut off.</summary>
        public int IsCutWithin { get; set; } = Nowhere;

        public void Add(IEnumerable<int> ids, double weight, int piece)
        {
            Ids.AddRange(ids);
            Weights.AddRange(Enumerable.Repeat(weight, Ids.Count - Weights.Count));
            Pieces.AddRange(Enumerable.Repeat(piece, Ids.Count - Pieces.Count));
        }

        public Chunk Range(int start, int count) => new(Ids.GetRange(start, count), Weights.GetRange(start, count), Pieces.GetRange(start, count));
    }
}
