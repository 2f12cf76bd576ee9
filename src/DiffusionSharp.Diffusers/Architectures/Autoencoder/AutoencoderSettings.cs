namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>What the configuration of an AutoencoderKL or a VQModel asks for; its scale and shift are the latent space's, and not part of the graph.</summary>
internal sealed record AutoencoderSettings
{
    private static readonly string[] DownBlocks = ["DownEncoderBlock2D", "AttnDownEncoderBlock2D"];
    private static readonly string[] UpBlocks = ["UpDecoderBlock2D", "AttnUpDecoderBlock2D"];

    public required int PictureChannels { get; init; }

    public required int LatentChannels { get; init; }

    /// <summary>Channels of each level, from the largest picture to the smallest.</summary>
    public required IReadOnlyList<int> Channels { get; init; }

    /// <summary>Whether the levels of the encoder have attention.</summary>
    public required IReadOnlyList<bool> DownAttention { get; init; }

    /// <summary>Whether the levels of the decoder have attention, from the smallest picture to the largest.</summary>
    public required IReadOnlyList<bool> UpAttention { get; init; }

    public required int Layers { get; init; }

    public required int Groups { get; init; }

    /// <summary>Whether there is a 1x1 convolution behind the encoder.</summary>
    public required bool QuantConvolution { get; init; }

    /// <summary>Whether there is a 1x1 convolution before the decoder.</summary>
    public required bool PostQuantConvolution { get; init; }

    public required bool MidAttention { get; init; }

    /// <exception cref="ModelFormatException">The configuration asks for something that is not supported.</exception>
    public static AutoencoderSettings Read(NetworkConfig config)
    {
        config.Require("act_fn", "\"silu\"");
        IReadOnlyList<int> channels = config.Wholes("block_out_channels", 64);
        var settings = new AutoencoderSettings
        {
            PictureChannels = config.Whole("in_channels", 3),
            LatentChannels = config.Whole("latent_channels", 4),
            Channels = channels,
            DownAttention = Attention(config, "down_block_types", channels.Count, DownBlocks),
            UpAttention = Attention(config, "up_block_types", channels.Count, UpBlocks),
            Layers = config.Whole("layers_per_block", 1, NetworkConfig.MostLayers),
            Groups = config.Whole("norm_num_groups", 32),
            QuantConvolution = config.Flag("use_quant_conv", true),
            PostQuantConvolution = config.Flag("use_post_quant_conv", true),
            MidAttention = config.Flag("mid_block_add_attention", true),
        };
        if (config.Whole("out_channels", settings.PictureChannels) != settings.PictureChannels || settings.Groups < 1 || settings.Channels.Any(channels => channels < 1 || channels % settings.Groups != 0))
        {
            throw new ModelFormatException(config.Path, "'in_channels' and 'out_channels' must be the same, and 'block_out_channels' multiples of 'norm_num_groups'.");
        }

        // The latent space reads these.
        foreach (string key in (ReadOnlySpan<string>)["scaling_factor", "shift_factor", "latents_mean", "latents_std"])
        {
            config.Has(key);
        }

        config.RequireNothingElse();
        return settings;
    }

    // Kinds of blocks without attention and with it.
    private static IReadOnlyList<bool> Attention(NetworkConfig config, string key, int levels, string[] kinds)
    {
        IReadOnlyList<string> types = config.Texts(key, [.. Enumerable.Repeat(kinds[0], levels)], kinds);
        return types.Count == levels
            ? [.. types.Select(type => type == kinds[1])]
            : throw new ModelFormatException(config.Path, $"the key '{key}' has {types.Count} blocks, but 'block_out_channels' has {levels}.");
    }
}
