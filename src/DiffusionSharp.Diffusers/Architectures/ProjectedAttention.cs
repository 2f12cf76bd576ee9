using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>Attention of several heads with its projections (arXiv:1706.03762), whose weights have diffusers' names.</summary>
internal static class ProjectedAttention
{
    /// <summary>Tokens <c>[B, T, C]</c> that attend to a context <c>[B, S, D]</c>, which may be they themselves.</summary>
    /// <param name="x">The tokens.</param>
    /// <param name="context">What they attend to.</param>
    /// <param name="w">The weights.</param>
    /// <param name="heads">How many heads.</param>
    /// <param name="bias">Whether queries, keys and values have a bias; the output has one always.</param>
    /// <param name="mask">Which tokens of the context count; null where all do.</param>
    /// <param name="causal">Whether a token sees only those before it.</param>
    public static Value AttendTo(this Value x, Value context, Weights w, int heads, bool bias = true, Value? mask = null, bool causal = false)
    {
        Value query = x.Linear(w["to_q"], x.Channels, bias);
        Value key = context.Linear(w["to_k"], x.Channels, bias);
        Value value = context.Linear(w["to_v"], x.Channels, bias);
        return query.Attend(key, value, heads, mask: mask, causal: causal).Linear(w["to_out"][0], x.Channels);
    }
}
