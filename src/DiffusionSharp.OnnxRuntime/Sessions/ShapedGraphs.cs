namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>Graphs of one model that take one shape of the sample each.</summary>
/// <param name="Of">The graph for a shape; null for one that has none, which then goes through the model's own graph.</param>
/// <param name="Kept">How many are kept in memory, the last used.</param>
internal sealed record ShapedGraphs(Func<IReadOnlyList<long>, CancellationToken, ModelSource?> Of, int Kept)
{
    /// <summary>What is to be done before the model is loaded, piece by piece, so that a graph of the usual shape can be written without waiting.</summary>
    public IReadOnlyList<Action<CancellationToken>> Preparation { get; init; } = [];
}
