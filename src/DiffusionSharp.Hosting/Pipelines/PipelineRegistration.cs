namespace DiffusionSharp.Hosting.Pipelines;

/// <summary>A pipeline was added under a name.</summary>
internal sealed record PipelineRegistration(string Name);
