namespace DiffusionSharp;

/// <summary>The seeds of a request.</summary>
internal static class RequestSeeds
{
    /// <summary>Throws where there is not a seed for each picture.</summary>
    public static void Check(GenerationRequest request)
    {
        if (request.Count < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(request.Count), request.Count, "The number of pictures must be at least 1.");
        }

        if (request.Seeds is { } given && given.Count != request.Count)
        {
            throw new ArgumentException($"There are {given.Count} seeds for {request.Count} pictures.", nameof(request.Seeds));
        }
    }

    /// <summary>A seed for each picture: the request's own, or random ones.</summary>
    public static long[] Choose(GenerationRequest request)
    {
        if (request.Seeds is { } given)
        {
            return [.. given.Select(seed => NotNegative(nameof(request.Seeds), seed))];
        }

        long first = NotNegative(nameof(request.Seed), request.Seed ?? Random.Shared.Next());
        var seeds = new long[request.Count];
        for (int i = 0; i < seeds.Length; i++)
        {
            seeds[i] = NotNegative(nameof(request.Seed), unchecked(first + i));
        }

        return seeds;
    }

    private static long NotNegative(string name, long seed) =>
        seed >= 0 ? seed : throw new ArgumentOutOfRangeException(name, seed, "A seed must be in [0, 2^63 - 1].");
}
