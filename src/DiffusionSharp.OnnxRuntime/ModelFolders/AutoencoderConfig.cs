using System.Text.Json;
using DiffusionSharp.Configuration;
using DiffusionSharp.Latents;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>Reads the latent space from the <c>config.json</c> of an autoencoder.</summary>
internal static class AutoencoderConfig
{
    private const int MostChannels = 65_536;
    private const int MostBlocks = 16;
    private const int LargestSize = 65_536;

    // What AutoencoderKL and VQModel take where their configuration leaves the key out, as those of Stable Diffusion 1.x do.
    private const double DefaultScalingFactor = 0.18215;

    private const string Mean = "latents_mean";
    private const string Deviation = "latents_std";

    /// <summary>The latent space that the configuration beside a model file describes.</summary>
    public static LatentSpace Beside(string modelPath)
    {
        string path = Path.Combine(Path.GetDirectoryName(modelPath) ?? "", "config.json");
        return ConfigFile.LoadIfPresent(path) is { } config
            ? Read(config)
            : throw new ModelFormatException(path, "the file is missing, so the latent space is unknown: pass a LatentSpace (channels, downsampling factor, scale).");
    }

    public static LatentSpace Read(ConfigFile config)
    {
        string? className = config.Text("_class_name");
        bool hasDefault = className is null or "AutoencoderKL" or "VQModel";
        int channels = (className == "VQModel" ? config.WholeNumber("vq_embed_dim", 1, MostChannels) : null) ?? config.WholeNumber("latent_channels", 1, MostChannels) ?? throw Missing(config, "latent_channels");
        int blocks = config.List("block_out_channels")?.Count ?? throw Missing(config, "block_out_channels");
        double scale = config.Number("scaling_factor", 0, float.MaxValue) ?? (hasDefault ? DefaultScalingFactor : throw Missing(config, "scaling_factor"));
        double shift = config.Number("shift_factor", -float.MaxValue, float.MaxValue) ?? 0;
        if (blocks is < 1 or > MostBlocks || !((float)scale > 0))
        {
            throw new ModelFormatException(config.Path, $"'scaling_factor' ({scale}) and the length of 'block_out_channels' ({blocks}, at most {MostBlocks}) must be positive.");
        }

        return new LatentSpace
        {
            Channels = channels,
            DownsamplingFactor = 1 << (blocks - 1),
            Scale = (float)scale,
            Shift = (float)shift,
            Statistics = Statistics(config, channels),
        };
    }

    /// <summary>The side of the pictures that the autoencoder was trained with; null where that is not one number.</summary>
    public static int? TrainedSize(ConfigFile config) =>
        config.Find("sample_size") is { ValueKind: JsonValueKind.Number } ? config.WholeNumber("sample_size", 1, LargestSize) : null;

    private static ChannelStatistics? Statistics(ConfigFile config, int channels)
    {
        (IReadOnlyList<double>? means, IReadOnlyList<double>? deviations) = (config.Numbers(Mean, -float.MaxValue, float.MaxValue), config.Numbers(Deviation, float.Epsilon, float.MaxValue));
        return (means?.Count ?? channels, deviations?.Count ?? channels) == (channels, channels) && (means is null) == (deviations is null)
            ? means is null ? null : new ChannelStatistics([.. means.Select(mean => (float)mean)], [.. deviations!.Select(deviation => (float)deviation)])
            : throw new ModelFormatException(config.Path, $"'{Mean}' and '{Deviation}' go together, {channels} numbers each as there are channels; found {means?.Count ?? 0} and {deviations?.Count ?? 0}.");
    }

    private static ModelFormatException Missing(ConfigFile config, string key) => new(config.Path, $"the key '{key}' is missing.");
}
