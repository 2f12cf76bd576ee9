using System.Collections.Concurrent;
using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Text.Prompts;

/// <summary>Gives each token a vector of two numbers that depends on it, its place and all attended tokens of its chunk; pools to the sum of ids.</summary>
internal sealed class ToyTokenEncoder(ITokenizer? tokenizer = null) : ITokenEncoder, ITextEncoder, IDisposable
{
    public const int Width = 2;

    /// <summary>How many chunks each call had.</summary>
    public ConcurrentQueue<int> Calls { get; } = [];

    public int Disposals { get; private set; }

    public ITokenizer Tokenizer { get; } = tokenizer ?? ClipTokenizer.Load(ClipFolders.Emoji);

    public ClipTokenizer Clip => (ClipTokenizer)Tokenizer;

    public bool TakesMask { get; init; }

    public IPromptSyntax? Syntax => null;

    public static float[] Vectors(TokenChunk chunk)
    {
        double sum = Enumerable.Range(0, chunk.Ids.Count).Sum(i => chunk.Attended?[i] == false ? 0 : Math.Cos(chunk.Ids[i] + (3 * i)));
        return [.. chunk.Ids.SelectMany((id, i) => Enumerable.Range(0, Width).Select(k => (float)(0.3 + Math.Sin((id * 0.7) + i + k + sum))))];
    }

    public TextEncoding Encode(IReadOnlyList<string> prompts, TextEncodingPlan plan, CancellationToken cancellationToken) =>
        new(EncodeTokens([.. prompts.Select(prompt => new TokenChunk(Tokenizer.Tokenize(prompt).Ids))], plan.Options, cancellationToken));

    public Conditioning EncodeTokens(IReadOnlyList<TokenChunk> chunks, TextEncodingOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Calls.Enqueue(chunks.Count);
        return Conditioning.None
            .With(ConditionNames.Context, Tensor.Create([.. chunks.SelectMany(Vectors)], [chunks.Count, Tokenizer.MaxLength, Width]))
            .With(ConditionNames.Pooled, Tensor.Create([.. chunks.Select(chunk => (float)chunk.Ids.Sum())], [chunks.Count, 1]));
    }

    public void Dispose() => Disposals++;
}
