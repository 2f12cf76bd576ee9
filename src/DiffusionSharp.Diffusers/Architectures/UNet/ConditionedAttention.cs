using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>Attention of a picture's pixels to conditions and to each other at once, as GLIDE has it (arXiv:2112.10741): keys and values of the conditions stand before the pixels' own.</summary>
internal static class ConditionedAttention
{
    /// <summary>Groups of the conditions' norm.</summary>
    public const int ContextGroups = 32;

    private const float Epsilon = 1e-5f;

    /// <param name="x"><c>[B, C, H, W]</c>.</param>
    /// <param name="w">The weights.</param>
    /// <param name="context">The conditions <c>[B, T, D]</c>.</param>
    /// <param name="mask">Which of the conditions count, <c>[B, T]</c>; all when null.</param>
    /// <param name="heads">How many heads.</param>
    /// <param name="groups">Groups of the pixels' norm.</param>
    /// <param name="onlyCross">Whether pixels attend to the conditions alone.</param>
    /// <param name="normalisesContext">Whether the conditions are normalised.</param>
    /// <returns>The pictures with what the attention adds to them.</returns>
    public static Value AttendWith(this Value x, Weights w, Value context, Value? mask, int heads, int groups, bool onlyCross, bool normalisesContext)
    {
        Value tokens = x.GroupNorm(w["group_norm"], groups, Epsilon).ToTokens();
        context = normalisesContext ? Normalised(context, w["norm_cross"]) : context;
        Value? counts = onlyCross ? mask : mask?.PadRows(tokens.Extent(1), 1);
        Value seen = tokens.Linear(w["to_q"], x.Channels).Attend(Seen("add_k_proj", "to_k"), Seen("add_v_proj", "to_v"), heads, mask: counts);
        return x + seen.Linear(w["to_out"][0], x.Channels).ToPicture(x);

        Value Seen(string ofContext, string own)
        {
            Value first = context.Linear(w[ofContext], x.Channels);
            return onlyCross ? first : Shapes.Concat(1, first, tokens.Linear(w[own], x.Channels));
        }
    }

    // Groups of channels, over all tokens.
    private static Value Normalised(Value context, Weights w) =>
        context.Transpose(0, 2, 1).Unsqueeze(3).GroupNorm(w, ContextGroups, Epsilon).Squeeze(3).Transpose(0, 2, 1);
}
