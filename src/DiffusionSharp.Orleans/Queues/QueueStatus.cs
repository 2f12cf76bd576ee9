namespace DiffusionSharp.Orleans;

/// <summary>How long a queue is.</summary>
/// <param name="Waiting">Jobs that wait.</param>
/// <param name="Running">Jobs that silos work on.</param>
/// <param name="Silos">Silos that work on some.</param>
[GenerateSerializer]
[Immutable]
[Alias("DiffusionSharp.QueueStatus")]
public sealed record QueueStatus([property: Id(0)] int Waiting, [property: Id(1)] int Running, [property: Id(2)] int Silos);
