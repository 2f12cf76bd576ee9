namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>What the configuration of an AutoencoderKL asks for; its scale and shift are the latent space's, and not part of the graph.</summary>
internal sealed record AutoencoderSettings
{
    public required int PictureChannels { get; init; }

    public required int LatentChannels { get; init; }

    /// <summary>Channels of each level, from the largest picture to the smallest.</summary>
    public required IReadOnlyList<int> Channels { get; init; }

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
        config.Texts("down_block_types", [], "DownEncoderBlock2D");
        config.Texts("up_block_types", [], "UpDecoderBlock2D");
        var settings = new AutoencoderSettings
        {
            PictureChannels = config.Whole("in_channels", 3),
            LatentChannels = config.Whole("latent_channels", 4),
            Channels = config.Wholes("block_out_channels", 64),
            Layers = config.Whole("layers_per_block", 1),
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
}
