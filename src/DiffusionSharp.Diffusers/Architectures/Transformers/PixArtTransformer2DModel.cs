using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>
/// The transformer of PixArt-α and PixArt-Σ (arXiv:2310.00426, arXiv:2403.04692): blocks that share one projection of the time, each with a table of its own that is
/// added to it (adaLN-single), and look at the prompt. Inputs and output have the names that optimum gives them.
/// </summary>
internal static class PixArtTransformer2DModel
{
    private const string Batch = "batch_size";
    private const string Length = "sequence_length";
    private const double LongestPeriod = 10_000;
    private const int Waves = 256;

    // The large α model was trained on pictures of many shapes and is told them.
    private const int SizeWithResolution = 128;

    /// <summary>Writes the graph.</summary>
    public static ModelSource Build(Checkpoint checkpoint, NetworkConfig config)
    {
        int heads = config.Whole("num_attention_heads") ?? 16;
        int channels = TransformerChecks.Channels(config, heads, 72);
        int inChannels = config.Whole("in_channels", 4);
        int outChannels = config.Whole("out_channels") ?? 8;
        int patch = config.Whole("patch_size") ?? 2;
        int layers = config.Whole("num_layers", 28, NetworkConfig.MostLayers);
        int size = config.Whole("sample_size") ?? SizeWithResolution;
        int textChannels = config.Whole("caption_channels") ?? throw new ModelFormatException(config.Path, "the key 'caption_channels' is missing.");
        float scale = config.Has("interpolation_scale") ? config.Number("interpolation_scale", 1) : Math.Max(size / 64, 1);
        bool takesResolution = config.Flag("use_additional_conditions", size == SizeWithResolution);
        bool hasBias = config.Flag("attention_bias", true);
        RefuseOthers(config, channels);
        if (channels % 4 != 0 || (takesResolution && channels % 3 != 0) || size < patch || scale <= 0)
        {
            throw new ModelFormatException(config.Path, $"'num_attention_heads' times 'attention_head_dim' ({channels}) must be a multiple of 4{(takesResolution ? " and 3" : "")}, 'sample_size' at least 'patch_size', and 'interpolation_scale' positive.");
        }

        var graph = new Graph(config.Path, checkpoint.Path);
        var w = new Weights(graph, checkpoint);
        Value sample = graph.Input("hidden_states", 1, Batch, inChannels, "height", "width");
        Value text = graph.Input("encoder_hidden_states", 2, Batch, Length, textChannels);
        Value mask = graph.Input("encoder_attention_mask", ElementType.Int64, 2, Batch, Length);
        Value embedded = Embed(graph, w["adaln_single"]["emb"], channels, takesResolution);
        Value time = embedded.Silu().Linear(w["adaln_single"]["linear"], 6 * channels).Reshape(-1, 6, channels).WithChannels(channels);

        Value patches = sample.Conv(w["pos_embed"]["proj"], channels, patch, stride: patch, padding: 0);
        Value x = patches.ToTokens() + Places(patches, size / patch, scale);
        text = text.Linear(w["caption_projection"]["linear_1"], channels).TanhGelu().Linear(w["caption_projection"]["linear_2"], channels);
        for (int layer = 0; layer < layers; layer++)
        {
            x = Block(x, w["transformer_blocks"][layer], text, mask, time, heads, hasBias);
        }

        Value[] last = Parts(w.Tensor("scale_shift_table", 2, channels) + embedded.Unsqueeze(1), 2);
        x = x.Modulated(shift: last[0], scale: last[1]).Linear(w["proj_out"], patch * patch * outChannels);
        graph.Output("out_sample", x.FromPatches(patches, patch, outChannels), Batch, outChannels, "height", "width");
        return graph.ToSource();
    }

    // The time and, where the model is told them, height, width and their ratio, each a number in a third of the channels.
    private static Value Embed(Graph graph, Weights w, int channels, bool takesResolution)
    {
        Value time = graph.Input("timestep", 0, Batch).Sinusoids(Waves, cosineFirst: true, shift: 0).TimeEmbedding(w["timestep_embedder"], channels);
        if (!takesResolution)
        {
            return time;
        }

        Value resolution = graph.Input("resolution", 1, Batch, 2).Sinusoids(Waves, cosineFirst: true, shift: 0).TimeEmbedding(w["resolution_embedder"], channels / 3);
        Value ratio = graph.Input("aspect_ratio", 1, Batch, 1).Sinusoids(Waves, cosineFirst: true, shift: 0).TimeEmbedding(w["aspect_ratio_embedder"], channels / 3);
        return time + Shapes.Concat(1, resolution.Reshape(-1, 2 * (channels / 3)), ratio);
    }

    private static Value Block(Value x, Weights w, Value text, Value mask, Value time, int heads, bool hasBias)
    {
        Value[] parts = Parts(w.Tensor("scale_shift_table", 6, x.Channels) + time, 6);
        Value normal = x.Modulated(parts[0], parts[1]);
        x += normal.AttendTo(normal, w["attn1"], heads, hasBias) * parts[2];
        x += x.AttendTo(text, w["attn2"], heads, hasBias, mask);
        return x + (x.Modulated(parts[3], parts[4]).FeedForward(w["ff"]) * parts[5]);
    }

    // [B, n, C] to n times [B, 1, C].
    private static Value[] Parts(Value table, int count)
    {
        var ones = new int[count];
        Array.Fill(ones, 1);
        return [.. table.Graph.Split(table, 1, ones).Select(part => part.WithChannels(table.Channels))];
    }

    // Sines and cosines of each patch's column and row, as though every picture had the size that the model was trained at, [1, H·W, C].
    private static Value Places(Value patches, int size, float scale)
    {
        Graph graph = patches.Graph;
        int quarter = patches.Channels / 4;
        float[] frequencies = [.. Enumerable.Range(0, quarter).Select(i => (float)(1 / Math.Pow(LongestPeriod, (double)i / quarter)))];
        Value height = patches.Extent(2);
        Value width = patches.Extent(3);
        Value columns = Waved(width).Unsqueeze(0);
        Value rows = Waved(height).Unsqueeze(1);
        Value all = Shapes.Concat(0, height, width, graph.Wholes(2L * quarter));
        Value spread = Shapes.Concat(2, columns.Expand(all), rows.Expand(all));
        return spread.Reshape(1, -1, patches.Channels).WithChannels(patches.Channels);

        Value Waved(Value extent)
        {
            Value places = extent.Range().Cast(ElementType.Float32) * (graph.Scalar(size / scale) / extent.Cast(ElementType.Float32));
            Value angles = places.Unsqueeze(1) * graph.Constant(frequencies, 1, quarter);
            return Shapes.Concat(1, graph.Node("Sin", 0, [angles]), graph.Node("Cos", 0, [angles]));
        }
    }

    private static void RefuseOthers(NetworkConfig config, int channels)
    {
        config.Require("activation_fn", "\"gelu-approximate\"");
        config.Require("norm_type", "\"ada_norm_single\"");
        config.Require("norm_elementwise_affine", "false");
        config.Require("norm_eps", "1e-06");
        config.Require("attention_type", "\"default\"");
        foreach (string key in (ReadOnlySpan<string>)["norm_num_groups", "num_embeds_ada_norm"])
        {
            // Left over from the class that this one was made of.
            config.Has(key);
        }

        if (config.Whole("cross_attention_dim", channels) != channels)
        {
            throw new ModelFormatException(config.Path, $"'cross_attention_dim' must be 'num_attention_heads' times 'attention_head_dim' ({channels}).");
        }

        config.RequireNothingElse();
    }
}
