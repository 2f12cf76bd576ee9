using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>The autoencoder of latent diffusion models (arXiv:2112.10752, section 3.1): its encoder and its decoder, each a graph of its own, named as optimum names them.</summary>
internal static class AutoencoderKL
{
    private const string Batch = "batch_size";

    /// <summary>From a picture to the means and log-variances of its latents.</summary>
    public static ModelSource BuildEncoder(Checkpoint checkpoint, NetworkConfig config)
    {
        var settings = AutoencoderSettings.Read(config);
        var graph = new Graph(config.Path, checkpoint.Path);
        var w = new Weights(graph, checkpoint);
        int parameters = 2 * settings.LatentChannels;
        Value x = graph.Input("sample", 1, Batch, settings.PictureChannels, "sample_height", "sample_width");
        x = new AutoencoderLayers(settings).Encode(x, w["encoder"], parameters);
        x = settings.QuantConvolution ? x.Conv(w["quant_conv"], parameters, kernel: 1) : x;
        graph.Output("latent_parameters", x, Batch, parameters, "latent_height", "latent_width");
        return graph.ToSource();
    }

    /// <summary>From latents to a picture.</summary>
    public static ModelSource BuildDecoder(Checkpoint checkpoint, NetworkConfig config)
    {
        var settings = AutoencoderSettings.Read(config);
        var graph = new Graph(config.Path, checkpoint.Path);
        var w = new Weights(graph, checkpoint);
        Value x = graph.Input("latent_sample", 1, Batch, settings.LatentChannels, "latent_height", "latent_width");
        x = settings.PostQuantConvolution ? x.Conv(w["post_quant_conv"], settings.LatentChannels, kernel: 1) : x;
        graph.Output("sample", new AutoencoderLayers(settings).Decode(x, w["decoder"]), Batch, settings.PictureChannels, "height", "width");
        return graph.ToSource();
    }
}
