using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>A residual block: twice norm, SiLU and convolution, with the time between them (arXiv:1512.03385, arXiv:2006.11239).</summary>
internal static class ResnetBlock
{
    /// <param name="x"><c>[B, C, H, W]</c>.</param>
    /// <param name="w">Its weights.</param>
    /// <param name="channels">How many come out.</param>
    /// <param name="groups">Groups of the norms.</param>
    /// <param name="epsilon">Epsilon of the norms.</param>
    /// <param name="time">The embedded time <c>[B, T]</c>.</param>
    /// <param name="scaleShift">Whether the time scales and shifts what the second norm gives, rather than being added before it.</param>
    public static Value Resnet(this Value x, Weights w, int channels, int groups, float epsilon, Value time, bool scaleShift)
    {
        Value hidden = x.GroupNorm(w["norm1"], groups, epsilon).Silu().Conv(w["conv1"], channels);
        Value timed = time.Silu().Linear(w["time_emb_proj"], scaleShift ? 2 * channels : channels).Unsqueeze(2, 3);
        if (scaleShift)
        {
            Value[] parts = timed.Chunk(1, 2);
            hidden = (hidden.GroupNorm(w["norm2"], groups, epsilon) * (parts[0] + 1)) + parts[1];
        }
        else
        {
            hidden = (hidden + timed).GroupNorm(w["norm2"], groups, epsilon);
        }

        hidden = hidden.Silu().Conv(w["conv2"], channels);
        return hidden + (x.Channels == channels ? x : x.Conv(w["conv_shortcut"], channels, kernel: 1));
    }
}
