namespace DiffusionSharp.Hosting;

/// <summary>What is known of a pipeline before it is loaded.</summary>
/// <param name="Name">Its name in the application.</param>
/// <param name="OwnedBy">Who offers it.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Device">What it runs on, for example <c>Cpu0</c> or <c>Cuda1</c>.</param>
public sealed record DiffusionModel(string Name, string OwnedBy, DateTimeOffset Created, string Device);
