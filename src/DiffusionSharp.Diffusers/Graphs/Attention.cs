namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>Attention, arXiv:1706.03762.</summary>
internal static class Attention
{
    /// <summary>softmax(q·kᵀ·scale + bias)·v in each head.</summary>
    /// <param name="query"><c>[B, T, C]</c>.</param>
    /// <param name="key"><c>[B, S, C]</c>.</param>
    /// <param name="value"><c>[B, S, C]</c>.</param>
    /// <param name="heads">The number of heads that C is divided among.</param>
    /// <param name="bias">Added before the softmax, <c>[1 or B, heads, T, S]</c>; none when null.</param>
    /// <param name="mask">Which of the keys count, <c>[B, S]</c> of 0 and 1; all when null.</param>
    /// <param name="masked">What is added before the softmax for those that do not.</param>
    /// <param name="causal">Whether a token sees only those before it.</param>
    /// <param name="scale">1/√(C/heads) when null.</param>
    public static Value Attend(this Value query, Value key, Value value, int heads, Value? bias = null, Value? mask = null, float masked = -10_000, bool causal = false, float? scale = null)
    {
        var none = new Value(query.Graph, "", 0);
        Value counts = mask?.Cast(ElementType.Int32) ?? none;
        IReadOnlyList<Value> inputs = bias is null && mask is null ? [query, key, value] : bias is null ? [query, key, value, none, counts] : [query, key, value, none, counts, bias.Value];
        float factor = scale ?? 1 / MathF.Sqrt(query.Channels / heads);
        return query.Graph.MicrosoftNode("MultiHeadAttention", value.Channels, inputs, ("num_heads", heads), ("unidirectional", causal ? 1L : 0L), ("scale", factor), ("mask_filter_value", masked));
    }
}
