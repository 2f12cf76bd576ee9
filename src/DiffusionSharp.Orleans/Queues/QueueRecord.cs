namespace DiffusionSharp.Orleans;

/// <summary>What is stored of a queue: its jobs, those first that are next.</summary>
[GenerateSerializer]
[Alias("DiffusionSharp.QueueRecord")]
internal sealed record QueueRecord
{
    [Id(0)]
    public List<QueuedJob> Jobs { get; init; } = [];
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
