using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>
/// The UNet of Stable Diffusion 1.x, 2.x and XL (arXiv:2112.10752): down through levels of ResNet blocks and transformers, through the middle, and
/// up again with what the way down gave. Inputs and output have the names that optimum gives them.
/// </summary>
internal static class UNet2DConditionModel
{
    private const string Batch = "batch_size";

    /// <summary>Writes the graph.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="takesResiduals">Whether a ControlNet's residuals are inputs, which are added to what the way down gives.</param>
    public static ModelSource Build(Checkpoint checkpoint, NetworkConfig config, bool takesResiduals = false)
    {
        var settings = UNetSettings.Read(config);
        config.RequireNothingElse();
        var graph = new Graph(config.Path, checkpoint.Path);
        var w = new Weights(graph, checkpoint);
        Value sample = graph.Input("sample", 1, Batch, settings.InChannels, "height", "width");
        Value time = TimeEmbedding.Embed(w, settings);
        Value context = graph.Input("encoder_hidden_states", 2, Batch, "sequence_length", settings.ContextChannels);
        var levels = new Levels(settings, time, context);

        Value x = sample.Conv(w["conv_in"], settings.Channels[0], settings.InKernel);
        var skips = new Stack<Value>([x]);
        for (int level = 0; level < settings.Channels.Count; level++)
        {
            x = levels.Down(x, w["down_blocks"][level], level, skips);
        }

        x = levels.Middle(x, w["mid_block"]);
        if (takesResiduals)
        {
            (x, skips) = AddResiduals(x, skips);
        }

        for (int up = 0; up < settings.Channels.Count; up++)
        {
            x = levels.Up(x, w["up_blocks"][up], up, skips);
        }

        x = x.GroupNorm(w["conv_norm_out"], settings.Groups, settings.Epsilon).Silu().Conv(w["conv_out"], settings.OutChannels, settings.OutKernel);
        graph.Output("out_sample", x, Batch, settings.OutChannels, "height", "width");
        return graph.ToSource();
    }

    // arXiv:2302.05543: one for each value that is kept for the way up, and one for the middle.
    private static (Value Middle, Stack<Value> Skips) AddResiduals(Value middle, Stack<Value> skips)
    {
        Value[] kept = [.. skips.Reverse()];
        for (int i = 0; i < kept.Length; i++)
        {
            kept[i] += middle.Graph.Input($"down_block_additional_residuals.{i}", 1, Batch, kept[i].Channels, $"height_{i}", $"width_{i}");
        }

        return (middle + middle.Graph.Input("mid_block_additional_residual", 1, Batch, middle.Channels, "height_mid", "width_mid"), new Stack<Value>(kept));
    }
}
