namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>
/// The sessions of a model that are in memory, by the shape of the sample that they take; the model's own, which takes any, has an empty one. Not safe for
/// concurrent use: whoever owns them has a lock.
/// </summary>
internal sealed class HeldSessions
{
    // The last used comes last.
    private readonly List<Entry> _entries = [];

    /// <summary>Whether there is one for a shape.</summary>
    public bool Has(ReadOnlySpan<long> shape) => Find(shape) is not null;

    public void Add(ReadOnlySpan<long> shape, LoadedSession session) => _entries.Add(new Entry(shape.ToArray(), session));

    /// <summary>The session for a shape, in use until it is released; null where there is none.</summary>
    public LoadedSession? Acquire(ReadOnlySpan<long> shape)
    {
        Entry? entry = Find(shape);
        if (entry is null)
        {
            return null;
        }

        _entries.Remove(entry);
        _entries.Add(entry);
        entry.Leases++;
        return entry.Session;
    }

    /// <summary>Ends a use of a session.</summary>
    public void Release(LoadedSession session) => _entries.Find(entry => entry.Session == session)!.Leases--;

    /// <summary>Frees those that nobody uses.</summary>
    public void Unload() => _entries.RemoveAll(Freed);

    /// <summary>Frees the one for a single shape that was used longest ago, where there are as many of these as are kept.</summary>
    /// <returns>Whether there is room for another now; there is not where all are in use.</returns>
    public bool MakeRoom(int kept)
    {
        List<Entry> shaped = _entries.FindAll(entry => entry.Shape.Length > 0);
        return shaped.Count < kept || (shaped.Find(Freed) is { } oldest && _entries.Remove(oldest));
    }

    private static bool Freed(Entry entry)
    {
        if (entry.Leases > 0)
        {
            return false;
        }

        entry.Session.Dispose();
        return true;
    }

    private Entry? Find(ReadOnlySpan<long> shape)
    {
        foreach (Entry entry in _entries)
        {
            if (shape.SequenceEqual(entry.Shape))
            {
                return entry;
            }
        }

        return null;
    }

    private sealed class Entry(long[] shape, LoadedSession session)
    {
        public long[] Shape => shape;

        public LoadedSession Session => session;

        public int Leases { get; set; }
    }
}
