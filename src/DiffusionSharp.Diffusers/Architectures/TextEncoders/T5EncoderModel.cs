using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>The encoder of T5 (arXiv:1910.10683) and T5 1.1 (arXiv:2002.05202): no scale in the attention, and a bias by distance that the first block has for all.</summary>
internal static class T5EncoderModel
{
    private const string Batch = "batch_size";
    private const string Length = "sequence_length";
    private const int MostHeads = 4096;
    private const int MostDistance = 4096;

    /// <summary>Writes the graph.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="takesMask">Whether an input says which tokens count; otherwise all do.</param>
    public static ModelSource Build(Checkpoint checkpoint, NetworkConfig config, bool takesMask = false)
    {
        int channels = config.Whole("d_model", 512);
        int heads = config.Whole("num_heads", 8);
        int headChannels = config.Whole("d_kv", 64);
        int feedForward = config.Whole("d_ff", 2048);
        int vocabulary = config.Whole("vocab_size", 32128);
        float epsilon = config.Number("layer_norm_epsilon", 1e-6f);
        config.Require("feed_forward_proj", "\"relu\"", "\"gated-gelu\"");
        bool gated = config.Text("feed_forward_proj") == "gated-gelu";

        if (heads is < 1 or > MostHeads || headChannels is < 1 or > MostHeads)
        {
            throw new ModelFormatException(config.Path, $"'num_heads' ({heads}) and 'd_kv' ({headChannels}) must be from 1 to {MostHeads}.");
        }

        int inner = heads * headChannels;
        var graph = new Graph(config.Path, checkpoint.Path);
        var w = new Weights(graph, checkpoint);
        Value ids = graph.Input("input_ids", ElementType.Int64, 2, Batch, Length);
        Value? mask = takesMask ? graph.Input("attention_mask", ElementType.Int64, 2, Batch, Length) : null;
        Value x = ids.Embed((w.Has("shared") ? w["shared"] : w["encoder"]["embed_tokens"]).Tensor("weight", vocabulary, channels));
        Weights blocks = w["encoder"]["block"];
        Value bias = DistanceBias(ids, blocks[0]["layer"][0]["SelfAttention"], heads, config);
        for (int i = 0; i < config.Whole("num_layers", 6, NetworkConfig.MostLayers); i++)
        {
            Weights attention = blocks[i]["layer"][0];
            x += Attend(x.RmsNorm(attention["layer_norm"], epsilon), attention["SelfAttention"], heads, inner, bias, mask);
            Weights last = blocks[i]["layer"][1];
            x += FeedForward(x.RmsNorm(last["layer_norm"], epsilon), last["DenseReluDense"], feedForward, gated);
        }

        graph.Output("last_hidden_state", x.RmsNorm(w["encoder"]["final_layer_norm"], epsilon), Batch, Length, channels);
        return graph.ToSource();
    }

    private static Value Attend(Value x, Weights w, int heads, int inner, Value bias, Value? mask)
    {
        Value query = x.Linear(w["q"], inner, bias: false);
        Value key = x.Linear(w["k"], inner, bias: false);
        Value value = x.Linear(w["v"], inner, bias: false);
        return query.Attend(key, value, heads, bias, mask, float.MinValue, scale: 1).Linear(w["o"], x.Channels, bias: false);
    }

    private static Value FeedForward(Value x, Weights w, int inner, bool gated)
    {
        Value hidden = gated
            ? x.Linear(w["wi_0"], inner, bias: false).TanhGelu() * x.Linear(w["wi_1"], inner, bias: false)
            : x.Linear(w["wi"], inner, bias: false).Relu();
        return hidden.Linear(w["wo"], x.Channels, bias: false);
    }

    // [1, heads, T, T]: a number for each head and each bucket of distances.
    private static Value DistanceBias(Value ids, Weights w, int heads, NetworkConfig config)
    {
        Graph graph = ids.Graph;
        int buckets = config.Whole("relative_attention_num_buckets", 32);
        int farthest = config.Whole("relative_attention_max_distance", 128, MostDistance);
        if (buckets < 4 || buckets % 4 != 0 || farthest <= buckets / 4)
        {
            throw new ModelFormatException(config.Path, $"'relative_attention_num_buckets' ({buckets}) must be a multiple of 4, and 'relative_attention_max_distance' ({farthest}) larger than a quarter of it.");
        }

        Value place = ids.Extent(1).Range();
        Value distance = place.Unsqueeze(0) - place.Unsqueeze(1);
        Value clamped = graph.Node("Clip", 0, [distance, graph.Whole(-farthest), graph.Whole(farthest)]) + graph.Whole(farthest);
        long[] bucketOf = [.. Enumerable.Range(-farthest, (2 * farthest) + 1).Select(offset => Bucket(offset, buckets / 2, farthest))];
        Value table = w["relative_attention_bias"].Tensor("weight", buckets, heads);
        return clamped.Embed(graph.Wholes(bucketOf)).Embed(table).Transpose(2, 0, 1).Unsqueeze(0);
    }

    // Half of the buckets look forward; of each half one half are single distances, and the others grow as their logarithm.
    private static long Bucket(int offset, int buckets, int farthest)
    {
        int first = offset > 0 ? buckets : 0;
        int distance = Math.Abs(offset);
        int single = buckets / 2;
        if (distance < single)
        {
            return first + distance;
        }

        float logarithm = MathF.Log((float)distance / single) / (float)Math.Log((double)farthest / single) * (buckets - single);
        return first + Math.Min(single + (int)logarithm, buckets - 1);
    }
}
