namespace DiffusionSharp.Orleans;

/// <summary>How fast each tenant may submit: a bucket of tokens for each, which fills steadily up to a burst.</summary>
/// <param name="perMinute">Tokens that come in a minute.</param>
/// <param name="burst">The most that a bucket holds.</param>
/// <param name="time">The clock.</param>
internal sealed class RateLimit(double perMinute, int burst, TimeProvider time)
{
    private readonly Dictionary<string, (double Tokens, long At)> _buckets = [];

    /// <summary>Takes a token.</summary>
    /// <returns>Zero where there was one; how long it is until the next where not.</returns>
    public TimeSpan Take(string tenant)
    {
        long now = time.GetTimestamp();
        double tokens = _buckets.TryGetValue(tenant, out (double Tokens, long At) bucket)
            ? Math.Min(burst, bucket.Tokens + (time.GetElapsedTime(bucket.At, now).TotalMinutes * perMinute))
            : burst;
        bool has = tokens >= 1;
        _buckets[tenant] = (has ? tokens - 1 : tokens, now);
        return has ? TimeSpan.Zero : TimeSpan.FromMinutes((1 - tokens) / perMinute);
    }

    /// <summary>Forgets whose bucket is full.</summary>
    public void Trim()
    {
        long now = time.GetTimestamp();
        foreach ((string tenant, (double tokens, long at)) in _buckets.Where(bucket => bucket.Value.Tokens + (time.GetElapsedTime(bucket.Value.At, now).TotalMinutes * perMinute) >= burst).ToArray())
        {
            _buckets.Remove(tenant);
        }
    }
}
