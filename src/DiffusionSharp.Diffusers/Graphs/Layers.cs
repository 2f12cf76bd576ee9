namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>Layers with weights, named as PyTorch's: their tensors are <c>weight</c> and <c>bias</c>.</summary>
internal static class Layers
{
    /// <summary>A product with a matrix [out, in] over the last axis, and a bias.</summary>
    public static Value Linear(this Value x, Weights w, int channels, bool bias = true)
    {
        Value product = x.Graph.MicrosoftNode("FusedMatMul", channels, [x, w.Tensor("weight", channels, x.Channels)], ("transB", 1L));
        return bias ? product + w.Tensor("bias", channels) : product;
    }

    /// <summary>A convolution of <c>[B, C, H, W]</c>.</summary>
    public static Value Conv(this Value x, Weights w, int channels, int kernel = 3, int stride = 1, int? padding = null, bool bias = true)
    {
        long pad = padding ?? kernel / 2;
        Value weight = w.Tensor("weight", channels, x.Channels, kernel, kernel);
        return x.Graph.Node("Conv", channels, bias ? [x, weight, w.Tensor("bias", channels)] : [x, weight], ("kernel_shape", [kernel, kernel]), ("strides", [stride, stride]), ("pads", [pad, pad, pad, pad]));
    }

    /// <summary>A convolution that halves height and width, in the form that pads only behind where the padding is 0.</summary>
    public static Value ConvDown(this Value x, Weights w, int channels, int padding)
    {
        long before = padding;
        return x.Graph.Node("Conv", channels, [x, w.Tensor("weight", channels, x.Channels, 3, 3), w.Tensor("bias", channels)], ("kernel_shape", [3L, 3]), ("strides", [2L, 2]), ("pads", [before, before, 1L, 1]));
    }

    /// <summary>Normalises groups of channels of <c>[B, C, H, W]</c>, arXiv:1803.08494.</summary>
    public static Value GroupNorm(this Value x, Weights w, int groups, float epsilon)
    {
        Graph graph = x.Graph;
        var ones = new float[groups];
        Array.Fill(ones, 1);
        Value grouped = x.Reshape(0, groups, -1);
        Value normalised = graph.Node("InstanceNormalization", 0, [grouped, graph.Constant(ones, groups), graph.Constant(new float[groups], groups)], ("epsilon", epsilon));
        Value like = graph.Node("Reshape", x.Channels, [normalised, x.Shape()]);
        return (like * w.Tensor("weight", x.Channels, 1, 1)) + w.Tensor("bias", x.Channels, 1, 1);
    }

    /// <summary>Normalises over the last axis, arXiv:1607.06450.</summary>
    public static Value LayerNorm(this Value x, Weights w, float epsilon = 1e-5f) =>
        x.Graph.Node("LayerNormalization", x.Channels, [x, w.Tensor("weight", x.Channels), w.Tensor("bias", x.Channels)], ("axis", -1L), ("epsilon", epsilon));

    /// <summary>The same without a scale and shift of its own, as where a condition brings them.</summary>
    public static Value PlainLayerNorm(this Value x, float epsilon = 1e-6f)
    {
        var ones = new float[x.Channels];
        Array.Fill(ones, 1);
        return x.Graph.Node("LayerNormalization", x.Channels, [x, x.Graph.Constant(ones, x.Channels), x.Graph.Constant(new float[x.Channels], x.Channels)], ("axis", -1L), ("epsilon", epsilon));
    }

    /// <summary>Divides by the root of the mean square over the last axis, arXiv:1910.07467.</summary>
    public static Value RmsNorm(this Value x, Weights w, float epsilon = 1e-6f)
    {
        Value mean = x.Graph.Node("ReduceMean", 1, [x * x], ("axes", [-1L]), ("keepdims", 1L));
        return x / (mean + epsilon).Sqrt() * w.Tensor("weight", x.Channels);
    }

    /// <summary>Rows of a matrix by number.</summary>
    public static Value Embed(this Value ids, Value table) => ids.Graph.Node("Gather", table.Channels, [table, ids], ("axis", 0L));
}
