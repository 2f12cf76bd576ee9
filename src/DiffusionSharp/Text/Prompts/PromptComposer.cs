using System.Numerics.Tensors;
using DiffusionSharp.Conditions;

namespace DiffusionSharp.Text;

/// <summary>Makes embeddings of prompts out of the vectors of their tokens: weighs, restores means, joins chunks, brings all to one length.</summary>
internal sealed class PromptComposer
{
    private readonly IReadOnlyList<PromptSchedule> _prompts;
    private readonly int _chunks;
    private readonly int _leastTokens;
    private Dictionary<TokenChunk, Conditioning> _encoded = [];

    /// <param name="prompts">The prompts of a batch; equal ones are one object.</param>
    /// <param name="leastTokens">How many tokens the embeddings have at least.</param>
    public PromptComposer(IReadOnlyList<PromptSchedule> prompts, int leastTokens)
    {
        (_prompts, _leastTokens) = (prompts, leastTokens);
        _chunks = prompts.Max(prompt => Math.Max(Longest(prompt), ChunksOf(prompt, leastTokens)));
        Tokens = CollectTokens();
    }

    /// <summary>All that has to be encoded, in the order in which it is needed.</summary>
    public IReadOnlyCollection<TokenChunk> Tokens { get; }

    /// <summary>The embeddings, from those of <see cref="Tokens"/>, a row each.</summary>
    public TextEncoding Compose(Dictionary<TokenChunk, Conditioning> encoded)
    {
        _encoded = encoded;
        var vectors = _prompts.Distinct<PromptSchedule>(ReferenceEqualityComparer.Instance).ToDictionary(prompt => prompt, VectorsOf, (IEqualityComparer<PromptSchedule>)ReferenceEqualityComparer.Instance);
        int width = (int)encoded.First().Value[ConditionNames.Context]!.Values.Lengths[2];
        int longest = Math.Max(_leastTokens * width, vectors.Values.Max(entries => entries.Max(entry => entry.Vectors.Length)));
        var rows = vectors.ToDictionary(pair => pair.Key, pair => Rows(pair.Value, longest, width), (IEqualityComparer<PromptSchedule>)ReferenceEqualityComparer.Instance);
        return new TextEncoding(Conditioning.Stack([.. _prompts.Select(prompt => rows[prompt][0].Parts)]))
        {
            Changes = [.. _prompts.SelectMany((prompt, i) => rows[prompt].Skip(1).Select(row => new TextChange(i, row.FromStep, row.Parts)))],
            TruncatedTexts = [.. _prompts.Select(prompt => prompt.TruncatedText)],
        };
    }

    private static int Longest(PromptSchedule prompt) => prompt.Entries.Max(entry => entry.Chunks.Count);

    // As few chunks as have so many tokens; between them some syntaxes leave out an end and a begin.
    private static int ChunksOf(PromptSchedule prompt, int tokens)
    {
        (int whole, int left) = (prompt.Empty.Ids.Count, prompt.DropsInnerEnds ? 2 : 0);
        return (int)Math.Ceiling((tokens - left) / (double)(whole - left));
    }

    private static bool IsWeighted(PromptChunk chunk) => chunk.Terms.Count > 1 || chunk.Terms[0].Weights.Any(weight => weight != 1);

    private int CountOf(PromptSchedule prompt) => prompt.RepeatsLastVector ? Longest(prompt) : _chunks;

    private List<TokenChunk> CollectTokens()
    {
        var tokens = new List<TokenChunk>();
        var seen = new HashSet<TokenChunk>();
        foreach (PromptSchedule prompt in _prompts)
        {
            foreach (PromptEntry entry in prompt.Entries)
            {
                entry.Chunks.SelectMany(chunk => chunk.Terms).ToList().ForEach(term => Add(term.Tokens));
                Add(entry.Pooled);
                if (entry.Chunks.Count < CountOf(prompt))
                {
                    Add(prompt.Empty);
                }
            }
        }

        return tokens;

        void Add(TokenChunk chunk)
        {
            if (seen.Add(chunk))
            {
                tokens.Add(chunk);
            }
        }
    }

    // The vectors of each entry, one behind another; entries that share their chunks share them.
    private List<(PromptEntry Entry, float[] Vectors)> VectorsOf(PromptSchedule prompt)
    {
        int count = CountOf(prompt);
        var blocks = new Dictionary<IReadOnlyList<PromptChunk>, Block[]>(ReferenceEqualityComparer.Instance);
        foreach (PromptEntry entry in prompt.Entries)
        {
            if (!blocks.ContainsKey(entry.Chunks))
            {
                PromptChunk empty = new(new WeightedTokens(prompt.Empty, [.. Enumerable.Repeat(1f, prompt.Empty.Ids.Count)]));
                blocks.Add(entry.Chunks, [.. entry.Chunks.Concat(Enumerable.Repeat(empty, count - entry.Chunks.Count)).Select((chunk, i) => BlockOf(chunk, prompt, i, count))]);
            }
        }

        if (prompt.Mean == PromptMean.OfChunk)
        {
            for (int i = 0; i < count; i++)
            {
                RestoreMean([.. prompt.Entries.Select(entry => blocks[entry.Chunks][i])]);
            }
        }
        else if (prompt.Mean == PromptMean.OfEntry)
        {
            foreach (Block[] entry in blocks.Values)
            {
                RestoreMean(entry);
            }
        }

        var joined = blocks.ToDictionary(pair => pair.Key, pair => pair.Value.SelectMany(block => block.Values).ToArray(), (IEqualityComparer<IReadOnlyList<PromptChunk>>)ReferenceEqualityComparer.Instance);
        return [.. prompt.Entries.Select(entry => (entry, joined[entry.Chunks]))];
    }

    private Block BlockOf(PromptChunk chunk, PromptSchedule prompt, int index, int count)
    {
        (int width, int length) = (0, chunk.Terms[0].Weights.Count);
        float[] sum = [];
        double plain = 0;
        int first = prompt.DropsInnerEnds && index > 0 ? 1 : 0;
        int end = prompt.DropsInnerEnds && index < count - 1 ? length - 1 : length;
        foreach (WeightedTokens term in chunk.Terms)
        {
            ReadOnlySpan<float> vectors = _encoded[term.Tokens][ConditionNames.Context]!.Values.Values();
            if (width == 0)
            {
                width = vectors.Length / length;
                sum = new float[(end - first) * width];
            }

            for (int token = first; token < end; token++)
            {
                if (token + term.Offset is var source && (source < 0 || source >= length))
                {
                    continue;
                }

                ReadOnlySpan<float> vector = vectors.Slice(source * width, width);
                Span<float> destination = sum.AsSpan((token - first) * width, width);
                if (ReferenceEquals(term, chunk.Terms[0]))
                {
                    // Not added to zeros, which would lose the sign of a zero.
                    TensorPrimitives.Multiply(vector, term.Weights[token], destination);
                }
                else
                {
                    TensorPrimitives.MultiplyAdd(vector, term.Weights[token], destination, destination);
                }

                plain += Sum(vector);
            }
        }

        return new Block(sum, plain, IsWeighted(chunk));
    }

    // The mean over several blocks, which may be the same ones several times, as before the weights. A mean of 0 cannot be restored.
    private static void RestoreMean(Block[] blocks)
    {
        if (!Array.Exists(blocks, block => block.IsWeighted))
        {
            return;
        }

        double before = blocks.Sum(block => block.PlainSum);
        double after = blocks.Sum(block => Sum(block.Values));
        float ratio = (float)(before / after);
        if (!float.IsFinite(ratio))
        {
            return;
        }

        foreach (Block block in blocks.Distinct())
        {
            TensorPrimitives.Multiply(block.Values, ratio, block.Values);
        }
    }

    private static double Sum(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }

        return sum;
    }

    // The parts of each entry that differs from the one before it, as long as the longest prompt.
    private List<(int FromStep, Conditioning Parts)> Rows(List<(PromptEntry Entry, float[] Vectors)> entries, int length, int width)
    {
        var made = new Dictionary<(float[] Vectors, TokenChunk Pooled), Conditioning>();
        var rows = new List<(int FromStep, Conditioning Parts)>();
        foreach ((PromptEntry entry, float[] vectors) in entries)
        {
            if (!made.TryGetValue((vectors, entry.Pooled), out Conditioning? parts))
            {
                var context = Tensor.Create(Lengthened(vectors, length, width), [1, length / width, width]);
                parts = _encoded[entry.Pooled].With(ConditionNames.Context, context);
                if (parts[ConditionNames.ContextMask] is not null)
                {
                    parts = parts.With(ConditionNames.ContextMask, Tensor.Create([.. Enumerable.Repeat(1f, length / width)], [1, length / width]));
                }

                parts = parts.Copy();
                made.Add((vectors, entry.Pooled), parts);
            }

            if (rows.Count == 0 || !ReferenceEquals(rows[^1].Parts, parts))
            {
                rows.Add((entry.FromStep, parts));
            }
        }

        return rows;
    }

    private static float[] Lengthened(float[] vectors, int length, int width)
    {
        var all = new float[length];
        vectors.CopyTo(all, 0);
        for (int start = vectors.Length; start < length; start += width)
        {
            all.AsSpan(start - width, width).CopyTo(all.AsSpan(start));
        }

        return all;
    }

    /// <summary>Vectors of a chunk, weighted, and their sum without weights.</summary>
    private sealed class Block(float[] values, double plainSum, bool isWeighted)
    {
        public float[] Values => values;

        public double PlainSum => plainSum;

        public bool IsWeighted => isWeighted;
    }
}
