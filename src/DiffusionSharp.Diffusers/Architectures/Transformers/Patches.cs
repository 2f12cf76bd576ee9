using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>Pictures as rows of patches (arXiv:2010.11929).</summary>
internal static class Patches
{
    /// <summary><c>[B, H·W, p·p·C]</c> to <c>[B, C, H·p, W·p]</c>.</summary>
    /// <param name="tokens">The patches.</param>
    /// <param name="like">What has as many along its height and width.</param>
    /// <param name="patch">The side of a patch.</param>
    /// <param name="channels">Channels of a pixel.</param>
    public static Value FromPatches(this Value tokens, Value like, int patch, int channels)
    {
        Graph graph = tokens.Graph;
        Value height = like.Extent(2);
        Value width = like.Extent(3);
        Value size = graph.Wholes((long)patch);
        return tokens.ReshapeTo(graph.Wholes(0L), height, width, size, size, graph.Wholes((long)channels))
            .Transpose(0, 5, 1, 3, 2, 4)
            .ReshapeTo(graph.Wholes(0L), graph.Wholes((long)channels), height * size, width * size)
            .WithChannels(channels);
    }
}
