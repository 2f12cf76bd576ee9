using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>The levels of a UNet: on the way down, in the middle, on the way up.</summary>
/// <param name="settings">What the network says.</param>
/// <param name="blocks">What they are made of.</param>
internal sealed class Levels(UNetSettings settings, IUNetBlocks blocks)
{
    /// <summary>One level on the way down; what each of its layers gives is also kept for the way up.</summary>
    public Value Down(Value x, Weights w, int level, Stack<Value> skips)
    {
        for (int layer = 0; layer < settings.Layers[level]; layer++)
        {
            x = blocks.Resnet(x, w["resnets"][layer], level, settings.Channels[level]);
            if (settings.DownAttention[level])
            {
                x = blocks.Transformer(x, w["attentions"][layer], level, settings.Depth[level][layer], settings.OnlyCrossAttention[level]);
            }

            skips.Push(x);
        }

        if (level < settings.Channels.Count - 1)
        {
            x = blocks.Down(x, w["downsamplers"][0]["conv"], level);
            skips.Push(x);
        }

        return x;
    }

    public Value Middle(Value x, Weights w)
    {
        int level = settings.Channels.Count - 1;
        x = blocks.Resnet(x, w["resnets"][0], level, x.Channels);
        if (settings.MidAttention)
        {
            x = blocks.Transformer(x, w["attentions"][0], level, settings.Depth[level][0], settings.MidOnlyCrossAttention);
        }

        return blocks.Resnet(x, w["resnets"][1], level, x.Channels);
    }

    /// <summary>One level on the way up, counted from the smallest picture; each layer takes what a layer on the way down gave.</summary>
    public Value Up(Value x, Weights w, int up, Stack<Value> skips)
    {
        int level = settings.Channels.Count - 1 - up;
        for (int layer = 0; layer <= settings.Layers[level]; layer++)
        {
            x = blocks.Resnet(blocks.Join(x, skips.Pop()), w["resnets"][layer], level, settings.Channels[level]);
            if (settings.UpAttention[up])
            {
                x = blocks.Transformer(x, w["attentions"][layer], level, settings.UpDepth[up][layer], settings.OnlyCrossAttention[level]);
            }
        }

        return level == 0 ? x : blocks.Up(x, w["upsamplers"][0]["conv"], level);
    }
}
