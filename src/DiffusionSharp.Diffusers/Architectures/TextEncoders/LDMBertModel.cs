using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>
/// The text encoder of the first latent diffusion model (arXiv:2112.10752): a transformer over BERT's tokens in which every token, of the padding too, sees all others. The
/// output is named as optimum names it.
/// </summary>
internal static class LDMBertModel
{
    private const string Batch = "batch_size";
    private const string Length = "sequence_length";
    private const int MostHeads = 4096;

    /// <summary>Writes the graph.</summary>
    public static ModelSource Build(Checkpoint checkpoint, NetworkConfig config)
    {
        int channels = config.Whole("d_model", 1280);
        int heads = config.Whole("encoder_attention_heads", 8);
        int headChannels = config.Whole("head_dim", 64);
        int feedForward = config.Whole("encoder_ffn_dim", 5120);
        int positions = config.Whole("max_position_embeddings", 77);
        config.Require("activation_function", "\"gelu\"");
        config.Require("scale_embedding", "false");
        if (heads is < 1 or > MostHeads || headChannels is < 1 or > MostHeads)
        {
            throw new ModelFormatException(config.Path, $"'encoder_attention_heads' ({heads}) and 'head_dim' ({headChannels}) must be from 1 to {MostHeads}.");
        }

        var graph = new Graph(config.Path, checkpoint.Path);
        Weights w = new Weights(graph, checkpoint)["model"];
        Value ids = graph.Input("input_ids", ElementType.Int64, 2, Batch, Length);
        Value places = w["embed_positions"].Tensor("weight", positions, channels).Slice(0, graph.Wholes(0L), ids.Extent(1));
        Value x = ids.Embed(w["embed_tokens"].Tensor("weight", config.Whole("vocab_size", 30522), channels)) + places;
        for (int i = 0; i < config.Whole("encoder_layers", 32, NetworkConfig.MostLayers); i++)
        {
            Weights layer = w["layers"][i];
            x += Attend(x.LayerNorm(layer["self_attn_layer_norm"]), layer["self_attn"], heads, heads * headChannels);
            x += x.LayerNorm(layer["final_layer_norm"]).Linear(layer["fc1"], feedForward).Gelu().Linear(layer["fc2"], channels);
        }

        graph.Output("last_hidden_state", x.LayerNorm(w["layer_norm"]), Batch, Length, channels);
        return graph.ToSource();
    }

    private static Value Attend(Value x, Weights w, int heads, int inner)
    {
        Value query = x.Linear(w["q_proj"], inner, bias: false);
        Value key = x.Linear(w["k_proj"], inner, bias: false);
        Value value = x.Linear(w["v_proj"], inner, bias: false);
        return query.Attend(key, value, heads).Linear(w["out_proj"], x.Channels);
    }
}
