using DiffusionSharp.Conditions;

namespace DiffusionSharp.Text;

/// <summary>
/// Remembers the embeddings of the prompts that were used last, so that an empty or negative prompt, or a prompt that comes again, is
/// encoded once. Bounded: the prompt that was not used for the longest goes first.
/// </summary>
/// <remarks>
/// The key is the exact text, with the options. Each prompt is encoded by itself, so that its embedding does not depend on what came beside it or earlier.
/// For encoders that give every prompt the same number of tokens, as CLIP does; one with a prompt syntax remembers chunks itself
/// (<see cref="PromptSyntaxEncoder"/>).
/// </remarks>
public sealed class CachedTextEncoder : ITextEncoder, IDisposable
{
    private readonly ITextEncoder _encoder;
    private readonly bool _leaveOpen;
    private readonly RecentlyUsed<(string Prompt, TextEncodingOptions Options), TextEncoding> _remembered;
    private bool _disposed;

    /// <summary>Wraps a text encoder.</summary>
    /// <param name="encoder">The encoder that is asked where the cache has no answer.</param>
    /// <param name="capacity">The most prompts that are remembered, at least 1. One of Stable Diffusion 1.x takes 231 KiB.</param>
    /// <param name="leaveOpen">Whether <paramref name="encoder"/> outlives this one instead of being disposed with it.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is below 1.</exception>
    /// <exception cref="ArgumentException"><paramref name="encoder"/> has a prompt syntax.</exception>
    public CachedTextEncoder(ITextEncoder encoder, int capacity = 64, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        if (encoder.Syntax is not null)
        {
            throw new ArgumentException($"An encoder with a prompt syntax makes prompts of different lengths, which cannot be remembered one by one: let the {nameof(PromptSyntaxEncoder)} remember its chunks.", nameof(encoder));
        }

        (_encoder, _leaveOpen, _remembered) = (encoder, leaveOpen, new(capacity));
    }

    /// <inheritdoc/>
    public IPromptSyntax? Syntax => null;

    /// <summary>The most prompts that are remembered.</summary>
    public int Capacity => _remembered.Capacity;

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The encoder is disposed.</exception>
    public TextEncoding Encode(IReadOnlyList<string> prompts, TextEncodingPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(plan);
        if (prompts.Count == 0 || prompts.Contains(null))
        {
            throw new ArgumentException("Expected at least one prompt, and none that is null.", nameof(prompts));
        }

        cancellationToken.ThrowIfCancellationRequested();
        TextEncoding[] rows = [.. prompts.Select(prompt => Encode(prompt, plan, cancellationToken))];

        // Copies, so that what a caller does with its tensors stays with the caller.
        return new TextEncoding(Conditioning.Stack([.. rows.Select(row => row.Parts)]).Copy())
        {
            TruncatedTexts = [.. rows.Select(row => row.TruncatedTexts.Count == 0 ? null : row.TruncatedTexts[0])],
        };
    }

    /// <summary>Forgets everything, and disposes the wrapped encoder unless it was to be left open.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        _remembered.Clear();
        if (!_leaveOpen)
        {
            (_encoder as IDisposable)?.Dispose();
        }
    }

    private TextEncoding Encode(string prompt, TextEncodingPlan plan, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (!_remembered.TryGet((prompt, plan.Options), out TextEncoding? encoding))
        {
            encoding = _encoder.Encode([prompt], plan, cancellationToken);
            _remembered.Add((prompt, plan.Options), encoding);
        }

        return encoding;
    }
}
