namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>Activation functions.</summary>
internal static class Activations
{
    public static Value Sigmoid(this Value x) => x.Graph.Node("Sigmoid", x.Channels, [x]);

    /// <summary>x·sigmoid(x), arXiv:1702.03118.</summary>
    public static Value Silu(this Value x) => x * x.Sigmoid();

    /// <summary>x·Φ(x), arXiv:1606.08415.</summary>
    public static Value Gelu(this Value x) => x.Graph.MicrosoftNode("Gelu", x.Channels, [x]);

    /// <summary>The approximation of <see cref="Gelu"/> by a hyperbolic tangent.</summary>
    public static Value TanhGelu(this Value x) => x.Graph.MicrosoftNode("FastGelu", x.Channels, [x]);

    /// <summary>The approximation of <see cref="Gelu"/> by x·sigmoid(1.702·x).</summary>
    public static Value QuickGelu(this Value x) => x * (x * 1.702f).Sigmoid();

    public static Value Relu(this Value x) => x.Graph.Node("Relu", x.Channels, [x]);
}
