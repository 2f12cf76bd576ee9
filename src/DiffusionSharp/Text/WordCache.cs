using System.Diagnostics.CodeAnalysis;

namespace DiffusionSharp.Text;

/// <summary>
/// Remembers the ids of recent words. Each word has one place, where the last comer wins: no locks, and never more memory than
/// <see cref="SlotCount"/> words of <see cref="LongestWord"/> characters, 7 MB, whatever the prompts.
/// </summary>
internal sealed class WordCache
{
    private const int SlotCount = 1 << 14;
    private const int LongestWord = 24;

    private readonly Entry?[] _slots = new Entry?[SlotCount];

    public bool TryGet(ReadOnlySpan<char> word, [NotNullWhen(true)] out int[]? ids)
    {
        Entry? entry = word.Length <= LongestWord ? Volatile.Read(ref SlotOf(word)) : null;
        ids = entry is not null && word.SequenceEqual(entry.Word) ? entry.Ids : null;
        return ids is not null;
    }

    public void Add(ReadOnlySpan<char> word, ReadOnlySpan<int> ids)
    {
        if (word.Length <= LongestWord)
        {
            Volatile.Write(ref SlotOf(word), new Entry(word.ToString(), ids.ToArray()));
        }
    }

    private ref Entry? SlotOf(ReadOnlySpan<char> word) => ref _slots[string.GetHashCode(word) & (SlotCount - 1)];

    private sealed record Entry(string Word, int[] Ids);
}
