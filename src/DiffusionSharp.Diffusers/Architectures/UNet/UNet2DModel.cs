using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>
/// The UNet of diffusion without a prompt (arXiv:2006.11239), over pixels or latents, at most with a class: the levels of <see cref="UNet2DConditionModel"/>, in which pixels attend to
/// each other instead of to conditions. Inputs and output have the names that optimum gives them.
/// </summary>
internal static class UNet2DModel
{
    private const string Batch = "batch_size";

    /// <summary>Writes the graph.</summary>
    public static ModelSource Build(Checkpoint checkpoint, NetworkConfig config)
    {
        var settings = UNetSettings.ReadUnconditional(config);
        config.RequireNothingElse();
        var graph = new Graph(config.Path, checkpoint.Path);
        var w = new Weights(graph, checkpoint);
        Value sample = graph.Input("sample", 1, Batch, settings.InChannels, "height", "width");
        Value time = TimeEmbedding.Embed(w, settings);
        graph.Output("out_sample", new Levels(settings, IUNetBlocks.ForAnySize(settings, time, context: null, mask: null)).Through(sample, w), Batch, settings.OutChannels, "height", "width");
        return graph.ToSource();
    }
}
