using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>The levels of a UNet: on the way down, in the middle, on the way up.</summary>
/// <param name="settings">What the network says.</param>
/// <param name="blocks">What they are made of.</param>
internal sealed class Levels(UNetSettings settings, IUNetBlocks blocks)
{
    /// <summary>All of a UNet but its embeddings, from a sample to what is predicted.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="w">The weights of the network.</param>
    /// <param name="added">What is added to the middle and to what is kept for the way up; null for nothing.</param>
    public Value Through(Value sample, Weights w, Func<Value, Stack<Value>, (Value Middle, Stack<Value> Skips)>? added = null)
    {
        Value x = blocks.In(sample, w["conv_in"]);
        var skips = new Stack<Value>([x]);
        for (int level = 0; level < settings.Channels.Count; level++)
        {
            x = Down(x, w["down_blocks"][level], level, skips);
        }

        x = Middle(x, w["mid_block"]);
        (x, skips) = added?.Invoke(x, skips) ?? (x, skips);
        for (int up = 0; up < settings.Channels.Count; up++)
        {
            x = Up(x, w["up_blocks"][up], up, skips);
        }

        return blocks.Out(x, w);
    }

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
            x = blocks.Down(x, w["downsamplers"][0], level);
            skips.Push(x);
        }

        return x;
    }

    public Value Middle(Value x, Weights w)
    {
        int level = settings.Channels.Count - 1;
        IUNetBlocks middle = blocks.Middle;
        x = middle.Resnet(x, w["resnets"][0], level, x.Channels);
        if (settings.MidAttention)
        {
            x = middle.Transformer(x, w["attentions"][0], level, settings.Depth[level][0], settings.MidOnlyCrossAttention);
        }

        return middle.Resnet(x, w["resnets"][1], level, x.Channels);
    }

    // Counted from the smallest picture; each layer takes what a layer on the way down gave.
    private Value Up(Value x, Weights w, int up, Stack<Value> skips)
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

        return level == 0 ? x : blocks.Up(x, w["upsamplers"][0], level);
    }
}
