using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>The levels of a UNet: on the way down, in the middle, on the way up.</summary>
/// <param name="settings">What the network says.</param>
/// <param name="time">The embedded time.</param>
/// <param name="context">The conditions.</param>
internal sealed class Levels(UNetSettings settings, Value time, Value context)
{
    /// <summary>One level on the way down; what each of its layers gives is also kept for the way up.</summary>
    public Value Down(Value x, Weights w, int level, Stack<Value> skips)
    {
        for (int layer = 0; layer < settings.Layers[level]; layer++)
        {
            x = Resnet(x, w["resnets"][layer], settings.Channels[level]);
            if (settings.DownAttention[level])
            {
                x = Transformer(x, w["attentions"][layer], level, settings.Depth[level][layer]);
            }

            skips.Push(x);
        }

        if (level < settings.Channels.Count - 1)
        {
            x = x.ConvDown(w["downsamplers"][0]["conv"], settings.Channels[level], settings.DownPadding);
            skips.Push(x);
        }

        return x;
    }

    public Value Middle(Value x, Weights w)
    {
        int level = settings.Channels.Count - 1;
        x = Resnet(x, w["resnets"][0], x.Channels);
        if (settings.MidAttention)
        {
            x = x.SpatialTransformer(w["attentions"][0], context, settings.Depth[level][0], settings.Heads[level], settings, settings.MidOnlyCrossAttention);
        }

        return Resnet(x, w["resnets"][1], x.Channels);
    }

    /// <summary>One level on the way up, counted from the smallest picture; each layer takes what a layer on the way down gave.</summary>
    public Value Up(Value x, Weights w, int up, Stack<Value> skips)
    {
        int level = settings.Channels.Count - 1 - up;
        for (int layer = 0; layer <= settings.Layers[level]; layer++)
        {
            x = Resnet(Shapes.ConcatChannels(1, x, skips.Pop()), w["resnets"][layer], settings.Channels[level]);
            if (settings.UpAttention[up])
            {
                x = Transformer(x, w["attentions"][layer], level, settings.UpDepth[up][layer]);
            }
        }

        return level == 0 ? x : x.Double().Conv(w["upsamplers"][0]["conv"], settings.Channels[level]);
    }

    private Value Resnet(Value x, Weights w, int channels) => x.Resnet(w, channels, settings.Groups, settings.Epsilon, time, settings.ScaleShift);

    private Value Transformer(Value x, Weights w, int level, int depth) =>
        x.SpatialTransformer(w, context, depth, settings.Heads[level], settings, settings.OnlyCrossAttention[level]);
}
