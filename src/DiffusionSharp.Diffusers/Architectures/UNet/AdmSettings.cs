using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>What a UNet with the levels of ADM (arXiv:2105.05233) may ask for beyond others: those of consistency models, of DeepFloyd IF, of Kandinsky 2.2, of unCLIP.</summary>
internal sealed record AdmSettings
{
    /// <summary>The activation function of all blocks.</summary>
    public required Func<Value, Value> Activation { get; init; }

    /// <summary>That of the embedded time with all that is added to it; null for none.</summary>
    public required Func<Value, Value>? TimeActivation { get; init; }

    /// <summary>Whether residual blocks take the embedded time as it is.</summary>
    public required bool SkipsTimeActivation { get; init; }

    /// <summary>What residual blocks divide their sum by.</summary>
    public required float Scale { get; init; }

    /// <summary>The same of those in the middle.</summary>
    public required float MiddleScale { get; init; }

    /// <summary>Groups of the norm before the attention in the middle, where there are no conditions; null for no norm.</summary>
    public int? MiddleGroups { get; init; }

    /// <summary>Whether attention normalises the conditions.</summary>
    public required bool NormalisesContext { get; init; }

    /// <summary>Channels of the conditions as they are given, before they are projected; null where they are not.</summary>
    public required int? GivenChannels { get; init; }

    /// <summary>Whether the embedding of a picture is given, rather than a text.</summary>
    public required bool IsGivenPicture { get; init; }

    /// <summary>Whether the conditions also join the embedded time.</summary>
    public required bool AddsGiven { get; init; }

    /// <summary>Heads of the attention that makes one vector of a text.</summary>
    public required int PoolHeads { get; init; }

    /// <exception cref="ModelFormatException">The configuration asks for something that is not supported.</exception>
    public static AdmSettings Read(NetworkConfig config)
    {
        config.Require("mid_block_type", "\"UNetMidBlock2DSimpleCrossAttn\"");
        config.Require("cross_attention_norm", "\"group_norm\"");
        config.Require("encoder_hid_dim_type", "\"image_proj\"", "\"text_proj\"");
        config.Require("num_attention_heads", "null");
        bool isPicture = config.Text("encoder_hid_dim_type") == "image_proj";
        config.Require("addition_embed_type", isPicture ? "\"image\"" : "\"text\"");
        var settings = new AdmSettings
        {
            Activation = ActivationOf(config, "act_fn") ?? Activations.Silu,
            TimeActivation = ActivationOf(config, "time_embedding_act_fn"),
            SkipsTimeActivation = config.Flag("resnet_skip_time_act", false),
            Scale = config.Number("resnet_out_scale_factor", 1),
            MiddleScale = config.Number("mid_block_scale_factor", 1),
            NormalisesContext = config.Text("cross_attention_norm") is not null,
            GivenChannels = config.Whole("encoder_hid_dim"),
            IsGivenPicture = isPicture,
            AddsGiven = config.Text("addition_embed_type") is not null,
            PoolHeads = config.Whole("addition_embed_type_num_heads") ?? 64,
        };
        return (settings.Scale, settings.MiddleScale) is ( > 0, > 0) && (settings.GivenChannels is not null || !isPicture)
            ? settings
            : throw new ModelFormatException(config.Path, "'resnet_out_scale_factor' and 'mid_block_scale_factor' must be positive, and 'image_proj' needs an 'encoder_hid_dim'.");
    }

    /// <exception cref="ModelFormatException">Channels cannot be divided as they would be.</exception>
    public void RequireSense(string path, int contextChannels)
    {
        int given = GivenChannels ?? contextChannels;
        if (AddsGiven && !IsGivenPicture && given % PoolHeads != 0)
        {
            throw new ModelFormatException(path, $"'encoder_hid_dim' ({given}) must be a multiple of 'addition_embed_type_num_heads' ({PoolHeads}).");
        }

        if (NormalisesContext && contextChannels % ConditionedAttention.ContextGroups != 0)
        {
            throw new ModelFormatException(path, $"'cross_attention_dim' ({contextChannels}) must be a multiple of {ConditionedAttention.ContextGroups} where 'cross_attention_norm' is 'group_norm'.");
        }
    }

    private static Func<Value, Value>? ActivationOf(NetworkConfig config, string key)
    {
        config.Require(key, "\"silu\"", "\"swish\"", "\"gelu\"");
        return config.Text(key) switch
        {
            null => null,
            "gelu" => Activations.Gelu,
            _ => Activations.Silu,
        };
    }
}
