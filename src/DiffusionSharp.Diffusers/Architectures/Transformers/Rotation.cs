using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>Rotary embedding of places with several axes (arXiv:2104.09864): each pair of a head's channels is turned by an angle that grows with the place on the pair's axis.</summary>
internal sealed class Rotation
{
    private const double Longest = 10_000;

    private readonly Value _cosine;
    private readonly Value _sine;

    /// <param name="places">The place of each token on each axis, <c>[T, axes]</c>.</param>
    /// <param name="axes">How many of a head's channels each axis turns; even.</param>
    public Rotation(Value places, IReadOnlyList<int> axes)
    {
        Graph graph = places.Graph;
        Value[] columns = graph.Split(places.Cast(ElementType.Float32), 1, [.. axes.Select(_ => 1)]);
        Value angles = Shapes.ConcatChannels(1, [.. axes.Select((channels, axis) => columns[axis] * Frequencies(graph, channels))]);
        // A value for each pair, [T, 1, C/2, 1].
        _cosine = graph.Node("Cos", 1, [angles]).Unsqueeze(1, 3);
        _sine = graph.Node("Sin", 1, [angles]).Unsqueeze(1, 3);
    }

    /// <summary>Turns <c>[B, T, C]</c> in each of its heads.</summary>
    public Value Turn(Value x, int heads)
    {
        long pairs = x.Channels / heads / 2;
        Value[] pair = x.Reshape(0, 0, heads, pairs, 2).WithChannels(2).Chunk(4, 2);
        Value turned = Shapes.Concat(4, (pair[0] * _cosine) - (pair[1] * _sine), (pair[1] * _cosine) + (pair[0] * _sine));
        return turned.Reshape(0, 0, x.Channels).WithChannels(x.Channels);
    }

    private static Value Frequencies(Graph graph, int channels)
    {
        float[] frequencies = [.. Enumerable.Range(0, channels / 2).Select(pair => (float)(1 / Math.Pow(Longest, 2.0 * pair / channels)))];
        return graph.Constant(frequencies, 1, frequencies.Length);
    }
}
