namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>Layers in the forms that are fastest on a processor where sizes are known.</summary>
internal static class FastLayers
{
    private const int BlockRows = 512;

    /// <summary>x·sigmoid(x) as one operator.</summary>
    public static Value SiluAtOnce(this Value x) => x.Graph.MicrosoftNode("QuickGelu", x.Channels, [x], ("alpha", 1f));

    /// <summary>A product with a matrix [out, in] of rows <c>[n, C]</c>, and a bias where there is one.</summary>
    public static Value Gemm(this Value rows, Value weight, int channels, Value? bias = null) =>
        rows.Graph.Node("Gemm", channels, bias is { } added ? [rows, weight, added] : [rows, weight], ("transB", 1L));

    /// <summary>A linear layer of rows <c>[n, C]</c>.</summary>
    public static Value Gemm(this Value rows, Weights w, int channels, bool bias = true) =>
        rows.Gemm(w.Tensor("weight", channels, rows.Channels), channels, bias ? w.Tensor("bias", channels) : null);

    /// <summary>A product with a matrix [out, in] of pictures <c>[N, n, C]</c>, in blocks of rows.</summary>
    public static Value Product(this Value x, Value weight, int channels, int rows, int pixels, Value? bias = null)
    {
        Value[] parts = x.Reshape((long)rows * pixels, x.Channels).Parts(0, rows * pixels, Blocks(rows * pixels));
        return Together(0, [.. parts.Select(part => part.Gemm(weight, channels, bias))]).Reshape(rows, pixels, channels);
    }

    /// <summary>How many parts a number of rows is cut into so that each has at most about 512 and all have the same.</summary>
    public static int Blocks(int rows, int limit = BlockRows) => Enumerable.Range(1, rows).First(parts => rows % parts == 0 && rows / parts <= limit);

    /// <summary>Equal parts along an axis.</summary>
    public static Value[] Parts(this Value x, int axis, int extent, int parts) =>
        parts == 1 ? [x] : [.. x.Graph.Split(x, axis, [.. Enumerable.Repeat(extent / parts, parts)]).Select(part => part.WithChannels(x.Channels))];

    /// <summary>One after another along an axis; of a single part the part itself.</summary>
    public static Value Together(int axis, IReadOnlyList<Value> parts) => parts.Count == 1 ? parts[0] : Shapes.Concat(axis, [.. parts]);
}
