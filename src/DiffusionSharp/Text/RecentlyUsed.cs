using System.Diagnostics.CodeAnalysis;

namespace DiffusionSharp.Text;

/// <summary>Remembers values by key. Bounded: what was not used for the longest goes first. Safe for concurrent calls.</summary>
internal sealed class RecentlyUsed<TKey, TValue>(int capacity)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _entries = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _lastUsedFirst = [];

    public int Capacity => capacity;

    public bool TryGet(TKey key, [NotNullWhen(true)] out TValue? value)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(key, out LinkedListNode<(TKey Key, TValue Value)>? found))
            {
                value = null;
                return false;
            }

            _lastUsedFirst.Remove(found);
            _lastUsedFirst.AddFirst(found);
            value = found.Value.Value;
            return true;
        }
    }

    public void Add(TKey key, TValue value)
    {
        lock (_lock)
        {
            // Another thread may have made it meanwhile; both have the same.
            if (_entries.ContainsKey(key))
            {
                return;
            }

            _entries[key] = _lastUsedFirst.AddFirst((key, value));
            if (_entries.Count > capacity)
            {
                _entries.Remove(_lastUsedFirst.Last!.Value.Key);
                _lastUsedFirst.RemoveLast();
            }
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _entries.Clear();
            _lastUsedFirst.Clear();
        }
    }
}
