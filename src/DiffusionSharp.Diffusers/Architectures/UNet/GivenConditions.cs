using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>The conditions of a UNet as they come in, a text or the embedding of a picture, and what is made of them.</summary>
internal static class GivenConditions
{
    private const string Batch = "batch_size";
    private const string Length = "sequence_length";
    private const int PictureTokens = 32;

    /// <summary>Adds the input.</summary>
    public static Value Input(Graph graph, UNetSettings settings)
    {
        int channels = settings.Adm?.GivenChannels ?? settings.ContextChannels;
        return settings.Adm is { IsGivenPicture: true } ? graph.Input("image_embeds", 1, Batch, channels) : graph.Input("encoder_hidden_states", 2, Batch, Length, channels);
    }

    /// <summary>Adds the input that says which of a text's vectors count, <c>[B, T]</c>; null for a network for which all do.</summary>
    public static Value? Mask(Graph graph, UNetSettings settings) =>
        settings.Class.IsEmbedded ? graph.Input("attention_mask", ElementType.Bool, 1, Batch, Length).Cast(ElementType.Float32) : null;

    /// <summary>What blocks attend to, <c>[B, T, D]</c>: a text's vectors, or as many as a picture's embedding is made into.</summary>
    public static Value ToContext(this Value given, Weights w, UNetSettings settings)
    {
        int channels = settings.ContextChannels;
        return settings.Adm switch
        {
            { IsGivenPicture: true } => given.Linear(w["image_embeds"], PictureTokens * channels).Reshape(0, PictureTokens, channels).WithChannels(channels).LayerNorm(w["norm"]),
            { GivenChannels: not null } => given.Linear(w, channels),
            _ => given,
        };
    }

    /// <summary>What joins the embedded time, <c>[B, time channels]</c>.</summary>
    public static Value ToTime(this Value given, Weights w, UNetSettings settings, AdmSettings adm) => adm.IsGivenPicture
        ? given.Linear(w["image_proj"], settings.TimeChannels).LayerNorm(w["image_norm"])
        : Pooled(given.LayerNorm(w["norm1"]), w["pool"], adm.PoolHeads).Linear(w["proj"], settings.TimeChannels).LayerNorm(w["norm2"]).Squeeze(1);

    // The mean of a text attends to itself and to all of the text, as CLIP pools pictures (arXiv:2103.00020, section 2.4).
    private static Value Pooled(Value text, Weights w, int heads)
    {
        Value mean = text.Graph.Node("ReduceMean", text.Channels, [text], ("axes", [1L]), ("keepdims", 1L)) + w.Tensor("positional_embedding", 1, text.Channels);
        Value all = Shapes.Concat(1, mean, text);
        return mean.Linear(w["q_proj"], text.Channels).Attend(all.Linear(w["k_proj"], text.Channels), all.Linear(w["v_proj"], text.Channels), heads);
    }
}
