using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>
/// The transformer of Flux (https://github.com/black-forest-labs/flux): blocks of two streams, then blocks of one, over latents that are packed two
/// by two. Inputs and output have the names that optimum gives them.
/// </summary>
internal static class FluxTransformer2DModel
{
    private const string Batch = "batch_size";
    private const string Packed = "packed_height_width";
    private const float TimeScale = 1000;

    /// <summary>Writes the graph.</summary>
    public static ModelSource Build(Checkpoint checkpoint, NetworkConfig config)
    {
        int heads = config.Whole("num_attention_heads") ?? 24;
        int channels = TransformerChecks.Channels(config, heads, 128);
        int inChannels = config.Whole("in_channels", 64);
        int outChannels = config.Whole("out_channels") ?? inChannels;
        IReadOnlyList<int> axes = config.Wholes("axes_dims_rope", 16, 56, 56);
        config.Require("patch_size", "1");
        int textChannels = config.Whole("joint_attention_dim", 4096);
        int pooledChannels = config.Whole("pooled_projection_dim", 768);
        bool hasGuidance = config.Flag("guidance_embeds", false);
        int layers = config.Whole("num_layers", 19, NetworkConfig.MostLayers);
        int singleLayers = config.Whole("num_single_layers", 38, NetworkConfig.MostLayers);
        config.RequireNothingElse();
        if (axes.Any(axis => axis % 2 != 0) || axes.Sum(axis => (long)axis) != channels / heads)
        {
            throw new ModelFormatException(config.Path, $"'axes_dims_rope' must be even numbers that make 'attention_head_dim' ({channels / heads}) together.");
        }

        var graph = new Graph(config.Path, checkpoint.Path);
        var w = new Weights(graph, checkpoint);
        Value sample = graph.Input("hidden_states", 2, Batch, Packed, inChannels);
        Value text = graph.Input("encoder_hidden_states", 2, Batch, "sequence_length", textChannels);
        Value pooled = graph.Input("pooled_projections", 1, Batch, pooledChannels);
        Value time = graph.Input("timestep", 0, Batch) * TimeScale;
        Value textPlaces = graph.Input("txt_ids", ElementType.Int64, 2, "sequence_length", axes.Count);
        Value picturePlaces = graph.Input("img_ids", ElementType.Int64, 2, Packed, axes.Count);
        Value? guidance = hasGuidance ? graph.Input("guidance", 0, Batch) * TimeScale : null;

        Value condition = Modulation.Condition(w["time_text_embed"], time, guidance, pooled, channels);
        Value picture = sample.Linear(w["x_embedder"], channels);
        text = text.Linear(w["context_embedder"], channels);
        var attention = new JointAttention(heads, HasNorms: true, new Rotation(Shapes.Concat(0, textPlaces, picturePlaces), axes));
        for (int layer = 0; layer < layers; layer++)
        {
            (picture, text) = new JointBlock(w["transformer_blocks"][layer], attention, TextFirst: true).Apply(picture, text, condition);
        }

        Value both = Shapes.Concat(1, text, picture);
        for (int layer = 0; layer < singleLayers; layer++)
        {
            both = SingleBlock(both, w["single_transformer_blocks"][layer], attention, condition);
        }

        picture = both.Slice(1, text.Extent(1), both.Extent(1));
        graph.Output("out_hidden_states", picture.ModulatedLast(w["norm_out"], condition).Linear(w["proj_out"], outChannels), Batch, Packed, outChannels);
        return graph.ToSource();
    }

    // Attention and feed-forward network side by side.
    private static Value SingleBlock(Value x, Weights w, JointAttention attention, Value condition)
    {
        Value[] parts = condition.Modulate(w["norm"], 3);
        Value normalised = x.Modulated(parts[0], parts[1]);
        Value wide = normalised.Linear(w["proj_mlp"], 4 * x.Channels).TanhGelu();
        Value joined = Shapes.ConcatChannels(2, attention.Own(normalised, w["attn"]), wide);
        return x + (parts[2] * joined.Linear(w["proj_out"], x.Channels));
    }
}
