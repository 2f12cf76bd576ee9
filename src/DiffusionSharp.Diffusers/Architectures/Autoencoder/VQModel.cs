using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>
/// An autoencoder over a codebook (VQGAN, arXiv:2012.09841): that of the first latent diffusion models, and that of Kandinsky (MoVQ, arXiv:2209.09002), whose decoder is told the
/// latents on every level.
/// </summary>
internal static class VQModel
{
    private const string Batch = "batch_size";

    /// <summary>From a picture to its latents, which are not those of the codebook yet.</summary>
    public static ModelSource BuildEncoder(Checkpoint checkpoint, NetworkConfig config)
    {
        Book book = Read(config, out AutoencoderSettings settings);
        var graph = new Graph(config.Path, checkpoint.Path);
        var w = new Weights(graph, checkpoint);
        Value x = graph.Input("sample", 1, Batch, settings.PictureChannels, "sample_height", "sample_width");
        x = new AutoencoderLayers(settings).Encode(x, w["encoder"], settings.LatentChannels).Conv(w["quant_conv"], book.Channels, kernel: 1);
        graph.Output("latent_sample", x, Batch, book.Channels, "latent_height", "latent_width");
        return graph.ToSource();
    }

    /// <summary>From latents to a picture.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="quantizes">Whether the nearest entry of the codebook is taken for each of the latents, or these are decoded as they are.</param>
    public static ModelSource BuildDecoder(Checkpoint checkpoint, NetworkConfig config, bool quantizes)
    {
        Book book = Read(config, out AutoencoderSettings settings);
        var graph = new Graph(config.Path, checkpoint.Path);
        var w = new Weights(graph, checkpoint);
        Value latents = graph.Input("latent_sample", 1, Batch, book.Channels, "latent_height", "latent_width");
        latents = quantizes ? Nearest(latents, w["quantize"]["embedding"].Tensor("weight", book.Entries, book.Channels)) : latents;
        Value x = latents.Conv(w["post_quant_conv"], settings.LatentChannels, kernel: 1);
        graph.Output("sample", new AutoencoderLayers(settings, book.IsSpatial ? latents : null).Decode(x, w["decoder"]), Batch, settings.PictureChannels, "height", "width");
        return graph.ToSource();
    }

    // The entry e for which |z - e|², that is |z|² - 2·z·e + |e|², is smallest.
    private static Value Nearest(Value latents, Value entries)
    {
        Graph graph = latents.Graph;
        Value squares = graph.Node("ReduceSum", 0, [entries * entries, graph.Wholes(1)], ("keepdims", 0L));
        Value products = graph.Node("MatMul", 0, [latents.ToTokens(), entries.Transpose(1, 0)]);
        Value place = graph.Node("ArgMin", 0, [squares - (products * 2f)], ("axis", -1L), ("keepdims", 0L));
        return place.Embed(entries).ToPicture(latents);
    }

    private static Book Read(NetworkConfig config, out AutoencoderSettings settings)
    {
        config.Require("norm_type", "\"group\"", "\"spatial\"");
        config.Require("lookup_from_codebook", "false");
        var book = new Book(config.Whole("num_vq_embeddings") ?? 256, config.Whole("vq_embed_dim") ?? config.Whole("latent_channels", 3), config.Text("norm_type") == "spatial");
        settings = AutoencoderSettings.Read(config);
        return book;
    }

    private sealed record Book(int Entries, int Channels, bool IsSpatial);
}
