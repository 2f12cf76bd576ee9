namespace DiffusionSharp.Orleans;

/// <summary>What is stored of a queue: its jobs, those first that are next, and what its tenants may still submit.</summary>
[GenerateSerializer]
[Alias("DiffusionSharp.QueueRecord")]
internal sealed record QueueRecord
{
    [Id(0)]
    public List<QueuedJob> Jobs { get; init; } = [];

    [Id(1)]
    public List<TokenBucket> Buckets { get; init; } = [];
}

/// <summary>What a tenant may still submit.</summary>
[GenerateSerializer]
[Alias("DiffusionSharp.TokenBucket")]
internal sealed record TokenBucket
{
    [Id(0)]
    public string Tenant { get; init; } = "";

    [Id(1)]
    public double Tokens { get; init; }

    /// <summary>When there were so many.</summary>
    [Id(2)]
    public DateTimeOffset At { get; init; }
}

/// <summary>A job in a queue.</summary>
[GenerateSerializer]
[Alias("DiffusionSharp.QueuedJob")]
internal sealed record QueuedJob
{
    [Id(0)]
    public string Job { get; init; } = "";

    [Id(1)]
    public string Tenant { get; init; } = "";

    /// <summary>Who works on it; null while it waits.</summary>
    [Id(2)]
    public string? Silo { get; init; }
}
