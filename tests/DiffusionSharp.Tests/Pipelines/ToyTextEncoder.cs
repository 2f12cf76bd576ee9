using System.Collections.Concurrent;
using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Text;

namespace DiffusionSharp.Tests.Pipelines;

/// <summary>Reads a prompt as two tokens of three numbers that depend on its characters, up to <see cref="MaxLength"/> of them.</summary>
internal sealed class ToyTextEncoder : ITextEncoder, IDisposable
{
    public const int MaxLength = 20;
    private int _disposals;

    /// <summary>The lists of prompts that it was asked for.</summary>
    public ConcurrentQueue<IReadOnlyList<string>> Calls { get; } = [];

    public CancellationToken LastToken { get; private set; }

    public int Disposals => _disposals;

    /// <summary>Also gives one vector per prompt.</summary>
    public bool HasPooled { get; init; }

    /// <summary>The embedding of a prompt.</summary>
    public static float[] Embed(string prompt)
    {
        double sum = 0;
        for (int i = 0; i < Math.Min(prompt.Length, MaxLength); i++)
        {
            sum += prompt[i] * (i + 1);
        }

        return [.. Enumerable.Range(0, 6).Select(k => (float)Math.Sin(sum + k))];
    }

    public IPromptSyntax? Syntax => null;

    public TextEncoding Encode(IReadOnlyList<string> prompts, TextEncodingPlan plan, CancellationToken cancellationToken)
    {
        Calls.Enqueue(prompts);
        LastToken = cancellationToken;
        cancellationToken.ThrowIfCancellationRequested();
        Conditioning parts = Conditioning.None.With(ConditionNames.Context, Tensor.Create([.. prompts.SelectMany(Embed)], [prompts.Count, 2, 3]));
        return new TextEncoding(HasPooled ? parts.With(ConditionNames.Pooled, Tensor.Create([.. prompts.SelectMany(p => Embed(p)[..2])], [prompts.Count, 2])) : parts)
        {
            TruncatedTexts = [.. prompts.Select(p => p.Length > MaxLength ? p[MaxLength..] : null)],
        };
    }

    public void Dispose() => Interlocked.Increment(ref _disposals);
}
