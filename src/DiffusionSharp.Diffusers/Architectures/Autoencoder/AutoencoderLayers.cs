using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>What the halves of an autoencoder are made of.</summary>
/// <param name="settings">What the network says.</param>
/// <param name="code">
/// Latents by which every norm of a decoder is scaled and shifted (MoVQ, arXiv:2209.09002); null for norms without.
/// </param>
internal sealed class AutoencoderLayers(AutoencoderSettings settings, Value? code = null)
{
    private const float Epsilon = 1e-6f;

    /// <summary>From a picture to what is made latents of.</summary>
    public Value Encode(Value x, Weights w, int channels)
    {
        x = x.Conv(w["conv_in"], settings.Channels[0]);
        for (int level = 0; level < settings.Channels.Count; level++)
        {
            Weights block = w["down_blocks"][level];
            x = Layers(x, block, settings.Channels[level], settings.Layers, settings.DownAttention[level]);
            x = level == settings.Channels.Count - 1 ? x : x.ConvDown(block["downsamplers"][0]["conv"], x.Channels, padding: 0);
        }

        return Out(Middle(x, w["mid_block"]), w, channels);
    }

    /// <summary>From latents to a picture.</summary>
    public Value Decode(Value x, Weights w)
    {
        x = Middle(x.Conv(w["conv_in"], settings.Channels[^1]), w["mid_block"]);
        for (int up = 0; up < settings.Channels.Count; up++)
        {
            int level = settings.Channels.Count - 1 - up;
            Weights block = w["up_blocks"][up];
            x = Layers(x, block, settings.Channels[level], settings.Layers + 1, settings.UpAttention[up]);
            x = level == 0 ? x : x.Double().Conv(block["upsamplers"][0]["conv"], x.Channels);
        }

        return Out(x, w, settings.PictureChannels);
    }

    private Value Layers(Value x, Weights w, int channels, int layers, bool attention)
    {
        for (int layer = 0; layer < layers; layer++)
        {
            x = Resnet(x, w["resnets"][layer], channels);
            x = attention ? Attend(x, w["attentions"][layer]) : x;
        }

        return x;
    }

    private Value Middle(Value x, Weights w)
    {
        x = Resnet(x, w["resnets"][0], x.Channels);
        x = settings.MidAttention ? Attend(x, w["attentions"][0]) : x;
        return Resnet(x, w["resnets"][1], x.Channels);
    }

    private Value Out(Value x, Weights w, int channels) => Norm(x, w["conv_norm_out"]).Silu().Conv(w["conv_out"], channels);

    private Value Resnet(Value x, Weights w, int channels)
    {
        Value hidden = Norm(x, w["norm1"]).Silu().Conv(w["conv1"], channels);
        hidden = Norm(hidden, w["norm2"]).Silu().Conv(w["conv2"], channels);
        return hidden + (x.Channels == channels ? x : x.Conv(w["conv_shortcut"], channels, kernel: 1));
    }

    // One head as wide as the picture has channels.
    private Value Attend(Value x, Weights w) => x.AttendItself(w, Norm(x, w[code is null ? "group_norm" : "spatial_norm"]), heads: 1);

    private Value Norm(Value x, Weights w)
    {
        if (code is not { } latents)
        {
            return x.GroupNorm(w, settings.Groups, Epsilon);
        }

        Value enlarged = latents.ResizeTo(x);
        return (x.GroupNorm(w["norm_layer"], settings.Groups, Epsilon) * enlarged.Conv(w["conv_y"], x.Channels, kernel: 1)) + enlarged.Conv(w["conv_b"], x.Channels, kernel: 1);
    }
}
