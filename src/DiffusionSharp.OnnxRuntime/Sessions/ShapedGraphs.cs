namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>Graphs of one model that take one shape of the sample each.</summary>
/// <param name="Of">The graph for a shape; null for one that has none, which then goes through the model's own graph.</param>
/// <param name="Kept">How many are kept in memory, the last used.</param>
internal sealed record ShapedGraphs(Func<IReadOnlyList<long>, ModelSource?> Of, int Kept);
