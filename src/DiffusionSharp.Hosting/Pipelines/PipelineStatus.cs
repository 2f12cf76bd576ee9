namespace DiffusionSharp.Hosting;

/// <summary>How far a pipeline is, and why it is no further.</summary>
/// <param name="State">How far.</param>
/// <param name="Error">Why it could not be loaded; null unless <paramref name="State"/> is <see cref="PipelineState.Failed"/>.</param>
public sealed record PipelineStatus(PipelineState State, Exception? Error = null);
