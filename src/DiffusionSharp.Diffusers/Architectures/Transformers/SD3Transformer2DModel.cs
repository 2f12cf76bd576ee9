using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>The multimodal diffusion transformer of Stable Diffusion 3 and 3.5 (arXiv:2403.03206). Inputs and output have the names that optimum gives them.</summary>
internal static class SD3Transformer2DModel
{
    private const string Batch = "batch_size";

    /// <summary>Writes the graph.</summary>
    public static ModelSource Build(Checkpoint checkpoint, NetworkConfig config)
    {
        int heads = config.Whole("num_attention_heads") ?? 18;
        int channels = TransformerChecks.Channels(config, heads, 64);
        int inChannels = config.Whole("in_channels", 16);
        int outChannels = config.Whole("out_channels") ?? inChannels;
        int patch = config.Whole("patch_size") ?? 2;
        int places = config.Whole("pos_embed_max_size") ?? 96;
        int layers = config.Whole("num_layers", 18, NetworkConfig.MostLayers);
        int textChannels = config.Whole("joint_attention_dim", 4096);
        int pooledChannels = config.Whole("pooled_projection_dim", 2048);
        bool[] isDual = [.. Enumerable.Range(0, layers).Select(_ => false)];
        foreach (int layer in config.Indices("dual_attention_layers", layers))
        {
            isDual[layer] = true;
        }

        config.Require("qk_norm", "\"rms_norm\"");
        bool hasNorms = config.Has("qk_norm");
        if (config.Whole("caption_projection_dim", channels) != channels)
        {
            throw new ModelFormatException(config.Path, $"'caption_projection_dim' must be 'num_attention_heads' times 'attention_head_dim' ({channels}).");
        }

        config.RequireNothingElse();
        var graph = new Graph(config.Path, checkpoint.Path);
        var w = new Weights(graph, checkpoint);
        Value sample = graph.Input("hidden_states", 1, Batch, inChannels, "height", "width");
        Value text = graph.Input("encoder_hidden_states", 2, Batch, "sequence_length", textChannels);
        Value pooled = graph.Input("pooled_projections", 1, Batch, pooledChannels);
        Value time = graph.Input("timestep", 0, Batch);

        Value condition = Modulation.Condition(w["time_text_embed"], time, null, pooled, channels);
        Value patches = sample.Conv(w["pos_embed"]["proj"], channels, patch, stride: patch, padding: 0);
        Value picture = (patches + Places(w["pos_embed"], patches, places)).ToTokens();
        text = text.Linear(w["context_embedder"], channels);
        var attention = new JointAttention(heads, hasNorms);
        for (int layer = 0; layer < layers; layer++)
        {
            var block = new JointBlock(w["transformer_blocks"][layer], attention, isDual[layer], IsLast: layer == layers - 1);
            (picture, text) = block.Apply(picture, text, condition);
        }

        picture = picture.ModulatedLast(w["norm_out"], condition).Linear(w["proj_out"], patch * patch * outChannels);
        graph.Output("out_hidden_states", picture.FromPatches(patches, patch, outChannels), Batch, outChannels, "height", "width");
        return graph.ToSource();
    }

    // The table is for the largest picture; a smaller one takes its middle. [1, C, H, W].
    private static Value Places(Weights w, Value patches, int places)
    {
        Value table = w.Tensor("pos_embed", 1, (long)places * places, patches.Channels).Reshape(1, places, places, -1).Transpose(0, 3, 1, 2).WithChannels(patches.Channels);
        for (int axis = 2; axis < 4; axis++)
        {
            Value extent = patches.Extent(axis);
            Value start = (patches.Graph.Wholes((long)places) - extent) / patches.Graph.Wholes(2L);
            table = table.Slice(axis, start, start + extent);
        }

        return table;
    }
}
