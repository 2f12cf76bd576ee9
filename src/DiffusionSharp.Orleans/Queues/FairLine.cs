namespace DiffusionSharp.Orleans;

/// <summary>
/// Jobs of several tenants. The next one is of the tenant for whom the fewest run; among equals, of the one that was served the longest ago. A tenant's
/// own come in the order in which they were submitted.
/// </summary>
internal sealed class FairLine
{
    private readonly Dictionary<string, Place> _places = [];
    private readonly Dictionary<string, Line> _lines = [];
    private long _turn;

    /// <summary>Jobs that wait or run.</summary>
    public int Count => _places.Count;

    /// <summary>Jobs that run.</summary>
    public int Running { get; private set; }

    /// <summary>Whether any job waits.</summary>
    public bool HasWaiting => Count > Running;

    /// <summary>Silos that work on some job.</summary>
    public IEnumerable<string> Silos => _places.Values.Select(place => place.Silo).OfType<string>().Distinct();

    /// <summary>All jobs; those that wait in an order that <see cref="Add"/> restores for each tenant.</summary>
    public IEnumerable<QueuedJob> Jobs =>
        _places.Values.Where(place => place.Silo is not null).Concat(_lines.Values.SelectMany(line => line.Waiting)).Select(place => new QueuedJob { Job = place.Job, Tenant = place.Tenant, Silo = place.Silo });

    public bool Has(string job) => _places.ContainsKey(job);

    /// <summary>Jobs of a tenant that wait or run.</summary>
    public int CountOf(string tenant) => _lines.TryGetValue(tenant, out Line? line) ? line.Waiting.Count + line.Running : 0;

    /// <summary>Adds a job that the line does not have, at the end of its tenant's.</summary>
    public void Add(string job, string tenant)
    {
        var place = new Place(job, tenant);
        _places.Add(job, place);
        LineOf(tenant).Waiting.AddLast(place.Node);
    }

    /// <summary>Gives a job that waits to a silo.</summary>
    public void Give(string job, string silo, DateTimeOffset expires)
    {
        Place place = _places[job];
        Line line = LineOf(place.Tenant);
        line.Waiting.Remove(place.Node);
        (place.Silo, place.Expires) = (silo, expires);
        (line.Running, line.LastTurn) = (line.Running + 1, ++_turn);
        Running++;
    }

    /// <summary>The job whose turn it is; null where none waits.</summary>
    public string? Next()
    {
        Line? next = null;
        foreach (Line line in _lines.Values)
        {
            if (line.Waiting.Count > 0 && (next is null || (line.Running, line.LastTurn).CompareTo((next.Running, next.LastTurn)) < 0))
            {
                next = line;
            }
        }

        return next?.Waiting.First!.Value.Job;
    }

    /// <summary>Whether a silo works on a job; if so, for longer.</summary>
    public bool Renew(string job, string silo, DateTimeOffset expires)
    {
        if (_places.GetValueOrDefault(job) is not { } place || place.Silo != silo)
        {
            return false;
        }

        place.Expires = expires;
        return true;
    }

    /// <summary>A job waits again, whoever has it.</summary>
    public void Return(string job, bool isFirst)
    {
        Place place = _places[job];
        Line line = LineOf(place.Tenant);
        if (place.Silo is not null)
        {
            place.Silo = null;
            line.Running--;
            Running--;
            if (isFirst)
            {
                line.Waiting.AddFirst(place.Node);
            }
            else
            {
                line.Waiting.AddLast(place.Node);
            }
        }
    }

    /// <summary>Whether a silo works on a job.</summary>
    public bool IsOf(string job, string silo) => _places.GetValueOrDefault(job)?.Silo == silo;

    /// <summary>Takes a job out; false where the line does not have it.</summary>
    public bool Remove(string job)
    {
        if (!_places.Remove(job, out Place? place))
        {
            return false;
        }

        Line line = LineOf(place.Tenant);
        if (place.Silo is null)
        {
            line.Waiting.Remove(place.Node);
        }
        else
        {
            line.Running--;
            Running--;
        }

        if (line.Running == 0 && line.Waiting.Count == 0)
        {
            _lines.Remove(place.Tenant);
        }

        return true;
    }

    /// <summary>Lets jobs wait again that no silo works on any more.</summary>
    /// <returns>How many.</returns>
    public int Reclaim(Func<(string Job, string Silo, DateTimeOffset Expires), bool> isLeft)
    {
        string[] left = [.. _places.Values.Where(place => place.Silo is { } silo && isLeft((place.Job, silo, place.Expires))).Select(place => place.Job)];
        foreach (string job in left)
        {
            Return(job, isFirst: true);
        }

        return left.Length;
    }

    private Line LineOf(string tenant)
    {
        if (!_lines.TryGetValue(tenant, out Line? line))
        {
            // Served just now, so that nobody comes first by coming anew.
            _lines.Add(tenant, line = new Line { LastTurn = ++_turn });
        }

        return line;
    }

    private sealed class Line
    {
        public LinkedList<Place> Waiting { get; } = [];

        public int Running { get; set; }

        public long LastTurn { get; set; }
    }

    private sealed class Place
    {
        public Place(string job, string tenant) => (Job, Tenant, Node) = (job, tenant, new LinkedListNode<Place>(this));

        public string Job { get; }

        public string Tenant { get; }

        public LinkedListNode<Place> Node { get; }

        public string? Silo { get; set; }

        public DateTimeOffset Expires { get; set; }
    }
}
