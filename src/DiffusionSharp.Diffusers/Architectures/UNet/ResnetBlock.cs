using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>A residual block: twice norm, activation and convolution, with the time between them (arXiv:1512.03385, arXiv:2006.11239).</summary>
internal static class ResnetBlock
{
    /// <param name="x"><c>[B, C, H, W]</c>.</param>
    /// <param name="w">Its weights.</param>
    /// <param name="channels">How many come out.</param>
    /// <param name="settings">What else the network says: among it whether the time scales and shifts what the second norm gives, rather than being added before it.</param>
    /// <param name="time">The embedded time <c>[B, T]</c>, activated.</param>
    /// <param name="resized">Halves or doubles pictures inside of the block, as BigGAN's do (arXiv:1809.11096); null where they keep their size.</param>
    /// <param name="scale">What the sum is divided by.</param>
    public static Value Resnet(this Value x, Weights w, int channels, UNetSettings settings, Value time, Func<Value, Value>? resized = null, float scale = 1)
    {
        Value hidden = settings.Activation(x.GroupNorm(w["norm1"], settings.Groups, settings.Epsilon));
        (x, hidden) = resized is null ? (x, hidden) : (resized(x), resized(hidden));
        hidden = hidden.Conv(w["conv1"], channels);
        Value timed = time.Linear(w["time_emb_proj"], settings.ScaleShift ? 2 * channels : channels).Unsqueeze(2, 3);
        if (settings.ScaleShift)
        {
            Value[] parts = timed.Chunk(1, 2);
            hidden = (hidden.GroupNorm(w["norm2"], settings.Groups, settings.Epsilon) * (parts[0] + 1)) + parts[1];
        }
        else
        {
            hidden = (hidden + timed).GroupNorm(w["norm2"], settings.Groups, settings.Epsilon);
        }

        hidden = settings.Activation(hidden).Conv(w["conv2"], channels);
        Value sum = hidden + (x.Channels == channels ? x : x.Conv(w["conv_shortcut"], channels, kernel: 1));
        return scale == 1 ? sum : sum / x.Graph.Scalar(scale);
    }
}
