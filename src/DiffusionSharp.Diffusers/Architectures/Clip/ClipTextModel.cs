using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>CLIP's text encoder (arXiv:2103.00020), with or without the projection into the space that it shares with pictures. Outputs are named as optimum names them.</summary>
internal static class ClipTextModel
{
    private const string Batch = "batch_size";
    private const string Length = "sequence_length";

    // Configurations of early models say 2, and then the end is where the largest id is.
    private const int EndIsLargest = 2;

    /// <summary>Writes the graph.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="withProjection">Whether it is a CLIPTextModelWithProjection.</param>
    public static ModelSource Build(Checkpoint checkpoint, NetworkConfig config, bool withProjection)
    {
        int channels = config.Whole("hidden_size", 512);
        int positions = config.Whole("max_position_embeddings", 77);
        var layer = ClipLayer.Read(config, channels, usualHeads: 8, usualInner: 2048, isCausal: true);
        var graph = new Graph(config.Path, checkpoint.Path);
        var weights = new Weights(graph, checkpoint);
        Weights w = weights["text_model"];

        Value ids = graph.Input("input_ids", ElementType.Int64, 2, Batch, Length);
        Value table = w["embeddings"]["position_embedding"].Tensor("weight", positions, channels);
        Value x = ids.Embed(w["embeddings"]["token_embedding"].Tensor("weight", config.Whole("vocab_size", 49408), channels))
            + table.Slice(0, graph.Wholes(0L), ids.Extent(1));
        int layers = config.Whole("num_hidden_layers", 12, NetworkConfig.MostLayers);
        for (int i = 0; i < layers; i++)
        {
            graph.Output($"hidden_states.{i}", x, Batch, Length, channels);
            x = layer.Apply(x, w["encoder"]["layers"][i]);
        }

        graph.Output($"hidden_states.{layers}", x, Batch, Length, channels);
        x = x.LayerNorm(w["final_layer_norm"], layer.Epsilon);
        graph.Output("last_hidden_state", x, Batch, Length, channels);
        Value pooled = AtEnd(x, ids, config.Whole("eos_token_id", 49407));
        if (withProjection)
        {
            int projected = config.Whole("projection_dim", 512);
            graph.Output("text_embeds", pooled.Linear(weights["text_projection"], projected, bias: false), Batch, projected);
        }
        else
        {
            graph.Output("pooler_output", pooled, Batch, channels);
        }

        return graph.ToSource();
    }

    // The state at the first end token of each row.
    private static Value AtEnd(Value x, Value ids, int end)
    {
        Graph graph = x.Graph;
        Value score = end == EndIsLargest ? ids : graph.Node("Equal", 0, [ids, graph.Whole(end)]);
        Value place = graph.Node("ArgMax", 0, [score.Cast(ElementType.Int32)], ("axis", 1L), ("keepdims", 1L));
        return graph.Node("GatherND", x.Channels, [x, place], ("batch_dims", 1L));
    }
}
