using DiffusionSharp.Latents;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>Reads the latent space from the <c>config.json</c> of an autoencoder.</summary>
internal static class AutoencoderConfig
{
    // What AutoencoderKL takes where its configuration leaves the key out, as those of Stable Diffusion 1.x do.
    private const float DefaultScalingFactor = 0.18215f;

    /// <summary>The latent space that the configuration beside a model file describes.</summary>
    public static LatentSpace Beside(string modelPath)
    {
        string path = Path.Combine(Path.GetDirectoryName(modelPath) ?? "", "config.json");
        return ConfigFile.TryLoad(path) is { } config
            ? Read(config)
            : throw new ModelFormatException(path, "the file is missing, so the latent space is unknown: pass a LatentSpace (channels, downsampling factor, scale).");
    }

    public static LatentSpace Read(ConfigFile config)
    {
        int channels = config.Integer("latent_channels") ?? throw Missing(config, "latent_channels");
        int blocks = config.Count("block_out_channels") ?? throw Missing(config, "block_out_channels");
        double scale = config.Number("scaling_factor") ?? DefaultScalingFactor;
        double shift = config.Number("shift_factor") ?? 0;
        if (channels < 1 || blocks is < 1 or > 16 || !((float)scale > 0))
        {
            throw new ModelFormatException(config.Path, $"'latent_channels' ({channels}), 'scaling_factor' ({scale}) and the length of 'block_out_channels' ({blocks}) must be positive.");
        }

        if (!float.IsFinite((float)scale) || !float.IsFinite((float)shift))
        {
            throw new ModelFormatException(config.Path, $"'scaling_factor' ({scale}) and 'shift_factor' ({shift}) must be float32 numbers.");
        }

        return new LatentSpace
        {
            Channels = channels,
            DownsamplingFactor = 1 << (blocks - 1),
            Scale = (float)scale,
            Shift = (float)shift,
        };
    }

    private static ModelFormatException Missing(ConfigFile config, string key) => new(config.Path, $"the key '{key}' is missing.");
}
