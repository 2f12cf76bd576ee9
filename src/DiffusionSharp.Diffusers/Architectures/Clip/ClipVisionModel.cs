using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>
/// CLIP's encoder of pictures (arXiv:2103.00020): a vision transformer (arXiv:2010.11929) over squares of a picture, with the projection into the space that it shares with
/// texts. Outputs are named as optimum names them.
/// </summary>
internal static class ClipVisionModel
{
    private const string Batch = "batch_size";
    private const int PictureChannels = 3;

    /// <summary>Writes the graph.</summary>
    public static ModelSource Build(Checkpoint checkpoint, NetworkConfig config)
    {
        int channels = config.Whole("hidden_size", 768);
        int side = config.Whole("image_size") ?? 224;
        int patch = config.Whole("patch_size") ?? 32;
        var layer = ClipLayer.Read(config, channels, usualHeads: 12, usualInner: 3072, isCausal: false);
        config.Require("num_channels", $"{PictureChannels}");
        if (patch > side)
        {
            throw new ModelFormatException(config.Path, $"'patch_size' ({patch}) must be at most 'image_size' ({side}).");
        }

        var graph = new Graph(config.Path, checkpoint.Path);
        var weights = new Weights(graph, checkpoint);
        Weights w = weights["vision_model"];
        Value picture = graph.Input("pixel_values", 1, Batch, PictureChannels, side, side);
        Value x = Embed(picture, w["embeddings"], channels, patch, side / patch).LayerNorm(w["pre_layrnorm"], layer.Epsilon);
        for (int i = 0; i < config.Whole("num_hidden_layers", 12, NetworkConfig.MostLayers); i++)
        {
            x = layer.Apply(x, w["encoder"]["layers"][i]);
        }

        int projected = config.Whole("projection_dim", 512);
        Value first = x.Slice(1, graph.Wholes(0L), graph.Wholes(1L)).Squeeze(1).LayerNorm(w["post_layernorm"], layer.Epsilon);
        graph.Output("image_embeds", first.Linear(weights["visual_projection"], projected, bias: false), Batch, projected);
        graph.Output("last_hidden_state", x, Batch, "squares", channels);
        return graph.ToSource();
    }

    // A vector for the whole picture, before those of its squares.
    private static Value Embed(Value picture, Weights w, int channels, int patch, long squares)
    {
        Value patches = picture.Conv(w["patch_embedding"], channels, patch, stride: patch, padding: 0, bias: false).ToTokens();
        Value whole = w.Tensor("class_embedding", channels).Expand(Shapes.Concat(0, patches.Extent(0), picture.Graph.Wholes(1L, channels)));
        return Shapes.Concat(1, whole, patches) + w["position_embedding"].Tensor("weight", (squares * squares) + 1, channels);
    }
}
