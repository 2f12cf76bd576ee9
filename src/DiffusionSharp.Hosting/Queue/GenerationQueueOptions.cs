namespace DiffusionSharp.Hosting;

/// <summary>How many generations a device runs at a time, and how many may wait. Named as the device is: <c>Cpu0</c>, <c>Cuda1</c>.</summary>
public sealed class GenerationQueueOptions
{
    /// <summary>The most generations at a time, at least 1; 4 by default. Where concurrent generations share model calls, as many as share one.</summary>
    public int Concurrency { get; set; } = 4;

    /// <summary>The most that wait for their turn, at least 0; 32 by default. Who comes then is refused.</summary>
    public int QueueLength { get; set; } = 32;
}
