namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>The files that hold the weights of a graph in memory.</summary>
/// <param name="Root">The folder that the graph names them from: the root of their drive, since links must not lead out of it.</param>
/// <param name="Files">The files.</param>
/// <param name="GraphIdentity">Tells the graph from others, wherever the files are.</param>
internal sealed record ExternalWeights(string Root, IReadOnlyList<string> Files, byte[] GraphIdentity);
