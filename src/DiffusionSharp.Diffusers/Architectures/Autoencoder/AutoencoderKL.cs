using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>The autoencoder of latent diffusion models (arXiv:2112.10752, section 3.1): its encoder and its decoder, each a graph of its own, named as optimum names them.</summary>
internal static class AutoencoderKL
{
    private const string Batch = "batch_size";
    private const float Epsilon = 1e-6f;

    /// <summary>From a picture to the means and log-variances of its latents.</summary>
    public static ModelSource BuildEncoder(Checkpoint checkpoint, NetworkConfig config)
    {
        var settings = AutoencoderSettings.Read(config);
        var graph = new Graph(config.Path, checkpoint.Path);
        var w = new Weights(graph, checkpoint);
        int parameters = 2 * settings.LatentChannels;
        Value x = graph.Input("sample", 1, Batch, settings.PictureChannels, "sample_height", "sample_width");
        x = x.Conv(w["encoder"]["conv_in"], settings.Channels[0]);
        for (int level = 0; level < settings.Channels.Count; level++)
        {
            x = Down(x, w["encoder"]["down_blocks"][level], settings, level);
        }

        x = Out(Middle(x, w["encoder"]["mid_block"], settings), w["encoder"], settings, parameters);
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
        x = x.Conv(w["decoder"]["conv_in"], settings.Channels[^1]);
        x = Middle(x, w["decoder"]["mid_block"], settings);
        for (int up = 0; up < settings.Channels.Count; up++)
        {
            x = Up(x, w["decoder"]["up_blocks"][up], settings, settings.Channels.Count - 1 - up);
        }

        graph.Output("sample", Out(x, w["decoder"], settings, settings.PictureChannels), Batch, settings.PictureChannels, "height", "width");
        return graph.ToSource();
    }

    private static Value Down(Value x, Weights w, AutoencoderSettings settings, int level)
    {
        for (int layer = 0; layer < settings.Layers; layer++)
        {
            x = x.Resnet(w["resnets"][layer], settings.Channels[level], settings.Groups, Epsilon);
        }

        return level == settings.Channels.Count - 1 ? x : x.ConvDown(w["downsamplers"][0]["conv"], x.Channels, padding: 0);
    }

    private static Value Middle(Value x, Weights w, AutoencoderSettings settings)
    {
        x = x.Resnet(w["resnets"][0], x.Channels, settings.Groups, Epsilon);
        x = settings.MidAttention ? Attend(x, w["attentions"][0], settings) : x;
        return x.Resnet(w["resnets"][1], x.Channels, settings.Groups, Epsilon);
    }

    private static Value Up(Value x, Weights w, AutoencoderSettings settings, int level)
    {
        for (int layer = 0; layer <= settings.Layers; layer++)
        {
            x = x.Resnet(w["resnets"][layer], settings.Channels[level], settings.Groups, Epsilon);
        }

        return level == 0 ? x : x.Double().Conv(w["upsamplers"][0]["conv"], x.Channels);
    }

    // One head as wide as the picture has channels. Files from before diffusers 0.18 have other names.
    private static Value Attend(Value x, Weights w, AutoencoderSettings settings)
    {
        Value tokens = x.GroupNorm(w["group_norm"], settings.Groups, Epsilon).ToTokens();
        Value query = tokens.Linear(w.OneOf("to_q", "query"), x.Channels);
        Value key = tokens.Linear(w.OneOf("to_k", "key"), x.Channels);
        Value value = tokens.Linear(w.OneOf("to_v", "value"), x.Channels);
        return x + query.Attend(key, value, heads: 1).Linear(w.OneOf("to_out.0", "proj_attn"), x.Channels).ToPicture(x);
    }

    private static Value Out(Value x, Weights w, AutoencoderSettings settings, int channels) => x.GroupNorm(w["conv_norm_out"], settings.Groups, Epsilon).Silu().Conv(w["conv_out"], channels);
}
