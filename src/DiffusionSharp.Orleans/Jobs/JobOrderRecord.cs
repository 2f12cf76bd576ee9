namespace DiffusionSharp.Orleans;

/// <summary>What is stored of a job once: the order, and with the first checkpoint its front.</summary>
[GenerateSerializer]
[Alias("DiffusionSharp.JobOrderRecord")]
internal sealed record JobOrderRecord
{
    [Id(0)]
    public GenerationOrder Order { get; init; } = new();

    [Id(1)]
    public string FrontHash { get; init; } = "";

    [Id(2)]
    public byte[] Front { get; init; } = [];
}
