using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>
/// unCLIP's prior (arXiv:2204.06125, section 2.2), which Kandinsky 2.2 has, too: a causal transformer over the tokens of a prompt, the prompt's embedding, the time, the noised embedding
/// of a picture, and a place of its own, where it says which embedding is meant. Inputs and output have the names that optimum gives them.
/// </summary>
internal static class PriorTransformer
{
    private const string Batch = "batch_size";

    // What stands behind the prompt's tokens.
    private const int Additional = 4;

    /// <summary>Writes the graph.</summary>
    public static ModelSource Build(Checkpoint checkpoint, NetworkConfig config)
    {
        int heads = config.Whole("num_attention_heads") ?? 32;
        int channels = TransformerChecks.Channels(config, heads, 64);
        int layers = config.Whole("num_layers", 20, NetworkConfig.MostLayers);
        int embedding = config.Whole("embedding_dim") ?? 768;
        int tokens = config.Whole("num_embeddings") ?? 77;
        RefuseOthers(config, channels, embedding);

        var graph = new Graph(config.Path, checkpoint.Path);
        var w = new Weights(graph, checkpoint);
        Value noised = graph.Input("hidden_states", 1, Batch, embedding).Linear(w["proj_in"], channels).Unsqueeze(1);
        Value time = graph.Input("timestep", 0, Batch).Sinusoids(channels, cosineFirst: true, shift: 0).TimeEmbedding(w["time_embedding"], channels).Unsqueeze(1);
        Value pooled = graph.Input("proj_embedding", 1, Batch, embedding).Linear(w["embedding_proj"], channels).Unsqueeze(1);
        Value text = graph.Input("encoder_hidden_states", 2, Batch, tokens, embedding).Linear(w["encoder_hidden_states_proj"], channels);
        Value counts = graph.Input("attention_mask", ElementType.Bool, 1, Batch, tokens).Cast(ElementType.Float32).PadRows(graph.Wholes((long)Additional), 1);
        Value place = w.Tensor("prd_embedding", 1, 1, channels).Expand(noised.Shape());
        Value x = Shapes.Concat(1, text, pooled, time, noised, place) + w.Tensor("positional_embedding", 1, tokens + Additional, channels);
        for (int layer = 0; layer < layers; layer++)
        {
            x = Block(x, w["transformer_blocks"][layer], heads, counts);
        }

        Value last = x.LayerNorm(w["norm_out"]).Slice(1, graph.Wholes(tokens + Additional - 1L), graph.Wholes((long)tokens + Additional)).Squeeze(1);
        graph.Output("predicted_image_embedding", last.Linear(w["proj_to_clip_embeddings"], embedding), Batch, embedding);
        return graph.ToSource();
    }

    private static Value Block(Value x, Weights w, int heads, Value counts)
    {
        Value own = x.LayerNorm(w["norm1"]);
        x += own.AttendTo(own, w["attn1"], heads, mask: counts, causal: true);
        Weights feedForward = w["ff"]["net"];
        return x + x.LayerNorm(w["norm3"]).Linear(feedForward[0]["proj"], 4 * x.Channels).Gelu().Linear(feedForward[2], x.Channels);
    }

    // Keys that priors over other things than embeddings of pictures set.
    private static void RefuseOthers(NetworkConfig config, int channels, int embedding)
    {
        foreach ((string key, string value) in (ReadOnlySpan<(string, string)>)[("added_emb_type", "\"prd\""), ("encoder_hid_proj_type", "\"linear\"")])
        {
            config.Require(key, value);
            if (config.IsNull(key))
            {
                throw new ModelFormatException(config.Path, $"the key '{key}' is null, which is not supported; supported is {value}.");
            }
        }

        config.Require("additional_embeddings", $"{Additional}");
        config.Require("time_embed_act_fn", "\"silu\"");
        config.Require("time_embed_dim", $"{channels}");
        config.Require("embedding_proj_dim", $"{embedding}");
        config.Require("clip_embed_dim", $"{embedding}");
        config.Require("norm_in_type", "null");
        config.Require("embedding_proj_norm_type", "null");
        config.RequireNothingElse();
    }
}
