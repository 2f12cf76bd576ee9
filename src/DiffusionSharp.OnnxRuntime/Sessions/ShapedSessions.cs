namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>The loaded sessions of a model's <see cref="ShapedGraphs"/>. Not safe for concurrent use: whoever owns them has a lock.</summary>
internal sealed class ShapedSessions(ShapedGraphs graphs, OnnxOptions options)
{
    // The last used comes last.
    private readonly List<Entry> _entries = [];

    /// <summary>The session for a shape, in use until it is released; null where that has no graph, or as many as are kept are in use for other shapes.</summary>
    public LoadedSession? Acquire(ReadOnlySpan<long> shape, CancellationToken cancellationToken)
    {
        long[] key = shape.ToArray();
        Entry? entry = _entries.Find(known => known.Shape.AsSpan().SequenceEqual(key));
        if (entry is null && MakeRoom() && graphs.Of(key, cancellationToken) is { } source)
        {
            entry = new Entry(key, SessionOpening.Open(source, options, cancellationToken));
            _entries.Add(entry);
        }

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
    /// <returns>Whether it is one of these.</returns>
    public bool Release(LoadedSession session)
    {
        Entry? entry = _entries.Find(known => known.Session == session);
        if (entry is not null)
        {
            entry.Leases--;
        }

        return entry is not null;
    }

    /// <summary>Frees those that nobody uses.</summary>
    public void Unload() => _entries.RemoveAll(Freed);

    private bool MakeRoom()
    {
        if (_entries.Count >= graphs.Kept && _entries.Find(entry => entry.Leases == 0) is { } oldest)
        {
            Freed(oldest);
            _entries.Remove(oldest);
        }

        return _entries.Count < graphs.Kept;
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

    private sealed class Entry(long[] shape, LoadedSession session)
    {
        public long[] Shape => shape;

        public LoadedSession Session => session;

        public int Leases { get; set; }
    }
}
