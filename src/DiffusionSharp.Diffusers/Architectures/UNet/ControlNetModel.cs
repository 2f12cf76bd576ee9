using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>
/// A ControlNet (arXiv:2302.05543): the way down and the middle of a UNet over a sample to which a control picture was added, and for everything that
/// the way up would take a 1x1 convolution that began as zeros.
/// </summary>
internal static class ControlNetModel
{
    private const string Batch = "batch_size";

    /// <summary>Writes the graph.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="config">The configuration.</param>
    public static ModelSource Build(Checkpoint checkpoint, NetworkConfig config)
    {
        var settings = UNetSettings.Read(config);
        config.Require("controlnet_conditioning_channel_order", "\"rgb\"");
        config.Require("global_pool_conditions", "false");
        int pictureChannels = config.Whole("conditioning_channels", 3);
        IReadOnlyList<int> pictureLevels = config.Wholes("conditioning_embedding_out_channels", 16, 32, 96, 256);
        config.RequireNothingElse();

        var graph = new Graph(config.Path, checkpoint.Path);
        var w = new Weights(graph, checkpoint);
        Value sample = graph.Input("sample", 1, Batch, settings.InChannels, "height", "width");
        Value time = TimeEmbedding.Embed(w, settings);
        Value context = graph.Input("encoder_hidden_states", 2, Batch, "sequence_length", settings.ContextChannels);
        Value picture = graph.Input("controlnet_cond", 1, Batch, pictureChannels, "picture_height", "picture_width");
        Value scale = graph.Input("conditioning_scale", 0);
        var levels = new Levels(settings, new PlainUNetBlocks(settings, time, context));

        Value x = sample.Conv(w["conv_in"], settings.Channels[0], settings.InKernel) + EmbedPicture(picture, w["controlnet_cond_embedding"], pictureLevels, settings.Channels[0]);
        var skips = new Stack<Value>([x]);
        for (int level = 0; level < settings.Channels.Count; level++)
        {
            x = levels.Down(x, w["down_blocks"][level], level, skips);
        }

        Value middle = levels.Middle(x, w["mid_block"]);
        foreach ((int i, Value skip) in skips.Reverse().Index())
        {
            Value residual = skip.Conv(w["controlnet_down_blocks"][i], skip.Channels, kernel: 1) * scale;
            graph.Output($"down_block_res_samples.{i}", residual, Batch, skip.Channels, $"height_{i}", $"width_{i}");
        }

        graph.Output("mid_block_res_sample", middle.Conv(w["controlnet_mid_block"], middle.Channels, kernel: 1) * scale, Batch, middle.Channels, "height_mid", "width_mid");
        return graph.ToSource();
    }

    // From the picture's size to the sample's, which is an eighth of it with four levels.
    private static Value EmbedPicture(Value x, Weights w, IReadOnlyList<int> channels, int last)
    {
        x = x.Conv(w["conv_in"], channels[0]).Silu();
        for (int level = 0; level + 1 < channels.Count; level++)
        {
            x = x.Conv(w["blocks"][2 * level], channels[level]).Silu();
            x = x.Conv(w["blocks"][(2 * level) + 1], channels[level + 1], stride: 2).Silu();
        }

        return x.Conv(w["conv_out"], last);
    }
}
