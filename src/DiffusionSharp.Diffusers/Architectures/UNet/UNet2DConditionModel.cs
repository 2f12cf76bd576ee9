using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>
/// The UNet of Stable Diffusion 1.x, 2.x and XL (arXiv:2112.10752), and those of DeepFloyd IF, Kandinsky 2.2 and unCLIP: down through levels of ResNet blocks and attention, through the middle,
/// and up again with what the way down gave. Inputs and output have the names that optimum gives them.
/// </summary>
internal static class UNet2DConditionModel
{
    private const string Batch = "batch_size";

    /// <summary>Writes the graph for samples of any size.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="takesResiduals">Whether a ControlNet's residuals are inputs, which are added to what the way down gives.</param>
    public static ModelSource Build(Checkpoint checkpoint, NetworkConfig config, bool takesResiduals = false)
    {
        UNetSettings settings = Read(config);
        var graph = new Graph(config.Path, checkpoint.Path);
        return Write(graph, checkpoint, settings, takesResiduals, (time, context) => IUNetBlocks.ForAnySize(settings, time, context, GivenConditions.Mask(graph, settings)));
    }

    /// <summary>Whether there are graphs for samples of one shape: not of the levels of ADM.</summary>
    public static bool HasFast(NetworkConfig config) => !LevelKinds.WithConditions(config).AreAdm;

    /// <summary>Writes the graph for samples of one shape, which is faster on a processor.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="takesResiduals">Whether a ControlNet's residuals are inputs.</param>
    /// <param name="shape">The shape, <c>[B, C, H, W]</c>.</param>
    /// <param name="cache">The transformed weights.</param>
    /// <returns>The graph; null where not every level has whole pixels.</returns>
    public static ModelSource? BuildFast(Checkpoint checkpoint, NetworkConfig config, bool takesResiduals, IReadOnlyList<long> shape, WinogradCache cache)
    {
        UNetSettings settings = Read(config);
        (int rows, int height, int width) = ((int)shape[0], (int)shape[2], (int)shape[3]);
        int smallest = 1 << (settings.Channels.Count - 1);
        if (height % smallest != 0 || width % smallest != 0)
        {
            return null;
        }

        var graph = new Graph(config.Path, checkpoint.Path, new Dictionary<string, long> { [Batch] = rows, ["height"] = height, ["width"] = width });
        return Write(graph, checkpoint, settings, takesResiduals, (time, context) => new FastUNetBlocks(settings, time, context, new FastBlocks(cache, settings.Groups, settings.Epsilon), rows, height, width));
    }

    private static UNetSettings Read(NetworkConfig config)
    {
        var settings = UNetSettings.Read(config);
        config.RequireNothingElse();
        return settings;
    }

    private static ModelSource Write(Graph graph, Checkpoint checkpoint, UNetSettings settings, bool takesResiduals, Func<Value, Value, IUNetBlocks> blocksFor)
    {
        var w = new Weights(graph, checkpoint);
        Value sample = graph.Input("sample", 1, Batch, settings.InChannels, "height", "width");
        Value given = GivenConditions.Input(graph, settings);
        IUNetBlocks blocks = blocksFor(TimeEmbedding.Embed(w, settings, given), given.ToContext(w["encoder_hid_proj"], settings));
        Value predicted = new Levels(settings, blocks).Through(sample, w, takesResiduals ? (middle, skips) => AddResiduals(middle, skips, blocks) : null);
        graph.Output("out_sample", predicted, Batch, settings.OutChannels, "height", "width");
        return graph.ToSource();
    }

    // arXiv:2302.05543: one for each value that is kept for the way up, and one for the middle.
    private static (Value Middle, Stack<Value> Skips) AddResiduals(Value middle, Stack<Value> skips, IUNetBlocks blocks)
    {
        Value[] kept = [.. skips.Reverse()];
        for (int i = 0; i < kept.Length; i++)
        {
            kept[i] += blocks.Given(middle.Graph.Input($"down_block_additional_residuals.{i}", 1, Batch, kept[i].Channels, $"height_{i}", $"width_{i}"));
        }

        return (middle + blocks.Given(middle.Graph.Input("mid_block_additional_residual", 1, Batch, middle.Channels, "height_mid", "width_mid")), new Stack<Value>(kept));
    }
}
