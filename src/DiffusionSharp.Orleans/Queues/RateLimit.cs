namespace DiffusionSharp.Orleans;

/// <summary>How fast each tenant may submit: a bucket of tokens for each, which fills steadily up to a burst.</summary>
/// <param name="perMinute">Tokens that come in a minute.</param>
/// <param name="burst">The most that a bucket holds.</param>
/// <param name="time">The clock.</param>
/// <param name="stored">The buckets of an earlier one.</param>
internal sealed class RateLimit(double perMinute, int burst, TimeProvider time, IEnumerable<TokenBucket> stored)
{
    private readonly Dictionary<string, TokenBucket> _buckets = stored.ToDictionary(bucket => bucket.Tenant);

    /// <summary>The buckets that are not full; the others need not be kept.</summary>
    public IEnumerable<TokenBucket> Buckets => _buckets.Values;

    /// <summary>Takes a token.</summary>
    /// <returns>Zero where there was one; how long it is until the next where not.</returns>
    public TimeSpan Take(string tenant)
    {
        double tokens = _buckets.TryGetValue(tenant, out TokenBucket? bucket) ? TokensOf(bucket) : burst;
        bool has = tokens >= 1;
        _buckets[tenant] = new TokenBucket { Tenant = tenant, Tokens = has ? tokens - 1 : tokens, At = time.GetUtcNow() };
        return has ? TimeSpan.Zero : TimeSpan.FromMinutes((1 - tokens) / perMinute);
    }

    /// <summary>Forgets whose bucket is full.</summary>
    public void Trim()
    {
        foreach (TokenBucket bucket in _buckets.Values.Where(bucket => TokensOf(bucket) >= burst).ToArray())
        {
            _buckets.Remove(bucket.Tenant);
        }
    }

    // The clock of the silo that wrote the bucket may be ahead of this one's.
    private double TokensOf(TokenBucket bucket) => Math.Min(burst, bucket.Tokens + (Math.Max(0, (time.GetUtcNow() - bucket.At).TotalMinutes) * perMinute));
}
