using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>Attention of a picture's pixels to each other, as autoencoders and UNets without conditions have it (arXiv:2006.11239).</summary>
internal static class SelfAttention
{
    /// <param name="x"><c>[B, C, H, W]</c>.</param>
    /// <param name="w">The weights; files from before diffusers 0.18 have other names.</param>
    /// <param name="normalised">The same, normalised.</param>
    /// <param name="heads">How many heads.</param>
    /// <returns>The pictures with what the attention adds to them.</returns>
    public static Value AttendItself(this Value x, Weights w, Value normalised, int heads)
    {
        Value tokens = normalised.ToTokens();
        Value query = tokens.Linear(w.OneOf("to_q", "query"), x.Channels);
        Value key = tokens.Linear(w.OneOf("to_k", "key"), x.Channels);
        Value value = tokens.Linear(w.OneOf("to_v", "value"), x.Channels);
        return x + query.Attend(key, value, heads).Linear(w.OneOf("to_out.0", "proj_attn"), x.Channels).ToPicture(x);
    }
}
