using DiffusionSharp.Conditions;

namespace DiffusionSharp.Text;

/// <summary>Reads prompts that are written in a syntax: with weights, in as many chunks as they have, changing on the way.</summary>
/// <remarks>
/// Every chunk that several prompts, entries or terms have in common is encoded once. A prompt without any syntax has the embedding that the encoder
/// alone gives it, to the last bit.
/// </remarks>
public sealed class PromptSyntaxEncoder : ITextEncoder, IDisposable
{
    // A prompt of any length is encoded in calls of at most this many rows, which bounds the memory.
    private const int MostRows = 64;

    private readonly ITokenEncoder _encoder;
    private readonly IPromptSyntax _syntax;
    private readonly ClipTokenizer _tokenizer;
    private readonly bool _leaveOpen;
    private readonly RecentlyUsed<(TokenChunk Tokens, TextEncodingOptions Options), Conditioning>? _remembered;
    private bool _disposed;

    /// <summary>Puts a syntax on an encoder.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="syntax">How prompts are written, for example <see cref="PromptSyntax.A1111"/>.</param>
    /// <param name="rememberedChunks">How many chunks' embeddings are remembered, so that one that comes again is not encoded again; 0 is none.</param>
    /// <param name="leaveOpen">Whether <paramref name="encoder"/> outlives this one instead of being disposed with it.</param>
    /// <exception cref="ArgumentException">The encoder's tokenizer is not CLIP's, which prompt syntaxes are defined on.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rememberedChunks"/> is negative.</exception>
    public PromptSyntaxEncoder(ITokenEncoder encoder, IPromptSyntax syntax, int rememberedChunks = 0, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(syntax);
        ArgumentOutOfRangeException.ThrowIfNegative(rememberedChunks);
        _tokenizer = encoder.Tokenizer as ClipTokenizer
            ?? throw new ArgumentException($"Prompt syntaxes are defined on CLIP's tokens, and this encoder has a {encoder.Tokenizer.GetType().Name}.", nameof(encoder));
        (_encoder, _syntax, _leaveOpen) = (encoder, syntax, leaveOpen);
        _remembered = rememberedChunks > 0 ? new(rememberedChunks) : null;
    }

    /// <inheritdoc/>
    public IPromptSyntax? Syntax => _syntax;

    /// <inheritdoc/>
    /// <exception cref="PromptSyntaxException">A prompt cannot be read.</exception>
    /// <exception cref="ObjectDisposedException">The encoder is disposed.</exception>
    public TextEncoding Encode(IReadOnlyList<string> prompts, TextEncodingPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(plan);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (prompts.Count == 0 || prompts.Contains(null))
        {
            throw new ArgumentException("Expected at least one prompt, and none that is null.", nameof(prompts));
        }

        var read = new Dictionary<string, PromptSchedule>(StringComparer.Ordinal);
        foreach (string prompt in prompts)
        {
            if (!read.ContainsKey(prompt))
            {
                read.Add(prompt, _syntax.Read(prompt, _tokenizer, plan.Steps, _encoder.TakesMask));
            }
        }

        PromptSchedule[] schedules = [.. prompts.Select(prompt => read[prompt])];
        var composer = new PromptComposer(schedules, plan.LeastTokens);
        return composer.Compose(EncodeOnce(composer.Tokens, plan.Options, cancellationToken));
    }

    /// <summary>Forgets everything, and disposes the encoder unless it was to be left open.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        _remembered?.Clear();
        if (!_leaveOpen)
        {
            (_encoder as IDisposable)?.Dispose();
        }
    }

    private Dictionary<TokenChunk, Conditioning> EncodeOnce(IReadOnlyCollection<TokenChunk> tokens, TextEncodingOptions options, CancellationToken cancellationToken)
    {
        var encoded = new Dictionary<TokenChunk, Conditioning>(tokens.Count);
        foreach (TokenChunk chunk in tokens)
        {
            if (_remembered is not null && _remembered.TryGet((chunk, options), out Conditioning? known))
            {
                encoded.Add(chunk, known);
            }
        }

        foreach (TokenChunk[] missing in tokens.Where(chunk => !encoded.ContainsKey(chunk)).ToArray().Chunk(MostRows))
        {
            Conditioning rows = _encoder.EncodeTokens(missing, options, cancellationToken);
            for (int i = 0; i < missing.Length; i++)
            {
                Conditioning row = rows.Rows(i, 1);
                encoded.Add(missing[i], row);
                _remembered?.Add((missing[i], options), row);
            }
        }

        return encoded;
    }
}
