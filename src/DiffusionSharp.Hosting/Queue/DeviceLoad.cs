namespace DiffusionSharp.Hosting;

/// <summary>How busy a device is.</summary>
/// <param name="Running">Generations that run.</param>
/// <param name="Waiting">Generations that wait for their turn.</param>
/// <param name="Concurrency">The most that run at a time.</param>
/// <param name="QueueLength">The most that wait.</param>
public readonly record struct DeviceLoad(int Running, int Waiting, int Concurrency, int QueueLength);
