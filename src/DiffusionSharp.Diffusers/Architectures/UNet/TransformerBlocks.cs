using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>The spatial transformer, through which conditions reach a UNet (arXiv:2112.10752, appendix E.2).</summary>
internal static class TransformerBlocks
{
    private const float NormEpsilon = 1e-6f;

    /// <param name="x"><c>[B, C, H, W]</c>.</param>
    /// <param name="w">Its weights.</param>
    /// <param name="context">The conditions <c>[B, T, D]</c>.</param>
    /// <param name="depth">How many blocks.</param>
    /// <param name="heads">Heads of every attention.</param>
    /// <param name="settings">What else the network says.</param>
    /// <param name="onlyCross">Whether the first attention of a block also looks at the conditions.</param>
    public static Value SpatialTransformer(this Value x, Weights w, Value context, int depth, int heads, UNetSettings settings, bool onlyCross)
    {
        // A 1x1 convolution and a linear layer are the same product, and their weights have the same bytes.
        Value tokens = x.GroupNorm(w["norm"], settings.Groups, NormEpsilon).ToTokens().Linear(w["proj_in"], x.Channels);
        for (int block = 0; block < depth; block++)
        {
            tokens = TransformerBlock(tokens, w["transformer_blocks"][block], context, heads, onlyCross);
        }

        return x + tokens.Linear(w["proj_out"], x.Channels).ToPicture(x);
    }

    private static Value TransformerBlock(Value x, Weights w, Value context, int heads, bool onlyCross)
    {
        Value own = x.LayerNorm(w["norm1"]);
        x += own.AttendTo(onlyCross ? context : own, w["attn1"], heads, bias: false);
        x += x.LayerNorm(w["norm2"]).AttendTo(context, w["attn2"], heads, bias: false);
        return x + FeedForward(x.LayerNorm(w["norm3"]), w["ff"]["net"]);
    }

    // GEGLU, arXiv:2002.05202.
    private static Value FeedForward(Value x, Weights w)
    {
        Value[] halves = x.Linear(w[0]["proj"], 8 * x.Channels).Chunk(2, 2);
        return (halves[0] * halves[1].Gelu()).Linear(w[2], x.Channels);
    }
}
