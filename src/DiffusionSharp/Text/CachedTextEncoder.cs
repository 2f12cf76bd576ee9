using DiffusionSharp.Conditions;

namespace DiffusionSharp.Text;

/// <summary>
/// Remembers the embeddings of the prompts that were used last, so that an empty or negative prompt, or a prompt that comes again, is
/// encoded once. Bounded: the prompt that was not used for the longest goes first.
/// </summary>
/// <remarks>
/// The key is the exact text, with the options. Each prompt is encoded by itself, so that its embedding does not depend on what came beside it or earlier.
/// For encoders that give every prompt the same number of tokens, as CLIP does.
/// </remarks>
public sealed class CachedTextEncoder : ITextEncoder, IDisposable
{
    private readonly ITextEncoder _encoder;
    private readonly bool _leaveOpen;
    private readonly Lock _lock = new();
    private readonly Dictionary<Key, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _lastUsedFirst = [];
    private bool _disposed;

    /// <summary>Wraps a text encoder.</summary>
    /// <param name="encoder">The encoder that is asked where the cache has no answer.</param>
    /// <param name="capacity">The most prompts that are remembered, at least 1. One of Stable Diffusion 1.x takes 231 KiB.</param>
    /// <param name="leaveOpen">Whether <paramref name="encoder"/> outlives this one instead of being disposed with it.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is below 1.</exception>
    public CachedTextEncoder(ITextEncoder encoder, int capacity = 64, bool leaveOpen = false)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        (_encoder, Capacity, _leaveOpen) = (encoder, capacity, leaveOpen);
    }

    /// <summary>The most prompts that are remembered.</summary>
    public int Capacity { get; }

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
        TextEncoding[] rows = [.. prompts.Select(prompt => new Key(prompt, plan.Options)).Select(key => Find(key) ?? Add(key, _encoder.Encode([key.Prompt], plan, cancellationToken)))];

        // Copies, so that what a caller does with its tensors stays with the caller.
        return new TextEncoding(Conditioning.Stack([.. rows.Select(row => row.Parts)]).Copy())
        {
            TruncatedTexts = [.. rows.Select(row => row.TruncatedTexts.Count == 0 ? null : row.TruncatedTexts[0])],
        };
    }

    /// <summary>Forgets everything, and disposes the wrapped encoder unless it was to be left open.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _entries.Clear();
            _lastUsedFirst.Clear();
        }

        if (!_leaveOpen)
        {
            (_encoder as IDisposable)?.Dispose();
        }
    }

    private TextEncoding? Find(Key key)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_entries.TryGetValue(key, out LinkedListNode<Entry>? found))
            {
                return null;
            }

            _lastUsedFirst.Remove(found);
            _lastUsedFirst.AddFirst(found);
            return found.Value.Encoding;
        }
    }

    private TextEncoding Add(Key key, TextEncoding encoding)
    {
        lock (_lock)
        {
            // Another thread may have encoded it meanwhile; both have the same.
            if (!_disposed && !_entries.ContainsKey(key))
            {
                _entries[key] = _lastUsedFirst.AddFirst(new Entry(key, encoding));
                if (_entries.Count > Capacity)
                {
                    _entries.Remove(_lastUsedFirst.Last!.Value.Key);
                    _lastUsedFirst.RemoveLast();
                }
            }
        }

        return encoding;
    }

    private readonly record struct Key(string Prompt, TextEncodingOptions Options);

    private sealed record Entry(Key Key, TextEncoding Encoding);
}
