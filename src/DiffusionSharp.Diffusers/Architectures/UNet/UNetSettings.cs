using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>What the configuration of a UNet asks for, or of a ControlNetModel.</summary>
internal sealed record UNetSettings
{
    public required int InChannels { get; init; }

    public required int OutChannels { get; init; }

    /// <summary>Channels of each level, from the largest picture to the smallest.</summary>
    public required IReadOnlyList<int> Channels { get; init; }

    /// <summary>Whether the levels on the way down have attention.</summary>
    public required IReadOnlyList<bool> DownAttention { get; init; }

    /// <summary>Whether the levels on the way up have attention, from the smallest picture to the largest.</summary>
    public required IReadOnlyList<bool> UpAttention { get; init; }

    public required bool MidAttention { get; init; }

    /// <summary>ResNet blocks of each level on the way down; there is one more on the way up.</summary>
    public required IReadOnlyList<int> Layers { get; init; }

    /// <summary>Transformer blocks behind each ResNet block of each level.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Depth { get; init; }

    /// <summary>The same on the way up, from the smallest picture to the largest.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> UpDepth { get; init; }

    public required IReadOnlyList<int> Heads { get; init; }

    /// <summary>Channels of the conditions.</summary>
    public required int ContextChannels { get; init; }

    /// <summary>Whether the first attention of a transformer block also looks at the conditions.</summary>
    public required IReadOnlyList<bool> OnlyCrossAttention { get; init; }

    public required bool MidOnlyCrossAttention { get; init; }

    public required int TimeChannels { get; init; }

    /// <summary>Channels of an embedded guidance scale (LCM); null for none.</summary>
    public required int? TimeConditionChannels { get; init; }

    /// <summary>How many sinusoids each of SDXL's sizes is embedded in; null where the model takes none.</summary>
    public required int? SizeChannels { get; init; }

    /// <summary>Channels of pooled text and embedded sizes together.</summary>
    public required int AddedChannels { get; init; }

    /// <summary>How the network is told a class.</summary>
    public required ClassSettings Class { get; init; }

    public required int Groups { get; init; }

    public required float Epsilon { get; init; }

    public required bool CosineFirst { get; init; }

    public required float FrequencyShift { get; init; }

    public required int DownPadding { get; init; }

    public required int InKernel { get; init; }

    public required int OutKernel { get; init; }

    public required bool LinearProjection { get; init; }

    public required bool ScaleShift { get; init; }

    /// <summary>What else a network with the levels of ADM asks for; null for others.</summary>
    public required AdmSettings? Adm { get; init; }

    /// <summary>The activation function of all blocks.</summary>
    public Func<Value, Value> Activation => Adm?.Activation ?? Activations.Silu;

    /// <exception cref="ModelFormatException">The configuration asks for something that is not supported.</exception>
    public static UNetSettings Read(NetworkConfig config)
    {
        UNetSettings settings = Read(config, LevelKinds.WithConditions(config));
        return settings.Adm is null ? settings : settings with
        {
            Heads = settings.HeadsOfSomeChannels(settings.Heads),
            MidOnlyCrossAttention = config.Flag("mid_block_only_cross_attention", config.IsTrue("only_cross_attention")),
        };
    }

    /// <summary>That of a UNet2DModel, which has no conditions.</summary>
    /// <exception cref="ModelFormatException">The configuration asks for something that is not supported.</exception>
    public static UNetSettings ReadUnconditional(NetworkConfig config)
    {
        foreach (string key in (ReadOnlySpan<string>)["down_block_types", "up_block_types", "block_out_channels"])
        {
            if (!config.Has(key))
            {
                throw new ModelFormatException(config.Path, $"the key '{key}' is missing.");
            }
        }

        config.Require("class_embed_type", "\"timestep\"");
        config.Require("mid_block_scale_factor", "1");
        UNetSettings settings = Read(config, LevelKinds.WithoutConditions(config));
        AdmSettings? adm = settings.Adm;
        if (adm is null)
        {
            config.Require("attn_norm_num_groups", "null");
        }
        else
        {
            int? groups = config.Whole("attn_norm_num_groups") ?? (settings.ScaleShift ? null : settings.Groups);
            adm = settings.Channels[^1] % (groups ?? 1) == 0
                ? adm with { MiddleGroups = groups }
                : throw new ModelFormatException(config.Path, $"the last of 'block_out_channels' ({settings.Channels[^1]}) must be a multiple of 'attn_norm_num_groups' ({groups}).");
        }

        // Only levels with attention ask for them; others have one way to resize.
        string resizing = adm is not null && settings.DownAttention.Contains(true) ? "\"resnet\"" : "\"conv\"";
        config.Require("downsample_type", resizing);
        config.Require("upsample_type", resizing);

        // Where it is null, and not where it is absent, there is one head.
        IReadOnlyList<int> channelsOfHeads = config.IsNull("attention_head_dim") ? settings.Channels : settings.Heads;
        return settings with
        {
            InChannels = config.Whole("in_channels", 3),
            OutChannels = config.Whole("out_channels", 3),
            MidAttention = config.Flag("add_attention", true),
            Heads = settings.HeadsOfSomeChannels(channelsOfHeads),
            Adm = adm,
        };
    }

    private static UNetSettings Read(NetworkConfig config, LevelKinds kinds)
    {
        IReadOnlyList<int> channels = config.Wholes("block_out_channels", 320, 640, 1280, 1280);
        int levels = channels.Count;
        IReadOnlyList<bool> down = kinds.DownAttentions(config, levels);
        IReadOnlyList<int> layers = config.WholePerBlock("layers_per_block", levels, 2, NetworkConfig.MostLayers);
        IReadOnlyList<IReadOnlyList<int>> depth = config.WholePerLayer("transformer_layers_per_block", layers) ?? [.. layers.Select(count => Repeat(1, count))];
        IReadOnlyList<int> upLayers = [.. layers.Reverse().Select(count => count + 1)];
        config.Require("resnet_time_scale_shift", "\"default\"", "\"scale_shift\"");
        RefuseOthers(config);
        AdmSettings? adm = kinds.AreAdm ? AdmSettings.Read(config) : null;
        if (adm is null)
        {
            RefuseThoseOfAdm(config);
        }

        int timeChannels = config.Whole("time_embedding_dim") ?? (4 * channels[0]);
        var settings = new UNetSettings
        {
            InChannels = config.Whole("in_channels", 4),
            OutChannels = config.Whole("out_channels", 4),
            Channels = channels,
            DownAttention = down,
            UpAttention = config.Text("_class_name") == "ControlNetModel" ? [] : kinds.UpAttentions(config, levels),
            MidAttention = config.Text("mid_block_type") != "UNetMidBlock2D",
            Layers = layers,
            Depth = depth,
            UpDepth = config.WholePerLayer("reverse_transformer_layers_per_block", upLayers) ?? [.. depth.Reverse().Select((blocks, i) => Repeat(blocks[0], upLayers[i]))],
            Heads = config.Has("num_attention_heads") ? config.WholePerBlock("num_attention_heads", levels, 8) : config.WholePerBlock("attention_head_dim", levels, 8),
            ContextChannels = OneForAll(config, "cross_attention_dim", levels, 1280),
            OnlyCrossAttention = config.FlagPerBlock("only_cross_attention", levels),
            MidOnlyCrossAttention = config.Flag("mid_block_only_cross_attention", false),
            TimeChannels = timeChannels,
            TimeConditionChannels = config.Whole("time_cond_proj_dim"),
            SizeChannels = config.Text("addition_embed_type") != "text_time" ? null : config.Whole("addition_time_embed_dim", 256, NetworkConfig.MostChannels),
            AddedChannels = config.Whole("projection_class_embeddings_input_dim", 2816),
            Class = ClassSettings.Read(config),
            Groups = config.Whole("norm_num_groups", 32),
            Epsilon = config.Number("norm_eps", 1e-5f),
            CosineFirst = config.Flag("flip_sin_to_cos", true),
            FrequencyShift = config.Number("freq_shift", 0),
            DownPadding = config.Whole("downsample_padding", 1),
            InKernel = config.Whole("conv_in_kernel", 3),
            OutKernel = config.Whole("conv_out_kernel", 3),
            LinearProjection = config.Flag("use_linear_projection", false),
            ScaleShift = config.Text("resnet_time_scale_shift") == "scale_shift",
            Adm = adm,
        };
        settings.RequireSense(config.Path);
        return settings;
    }

    // Keys that checkpoints of other systems set.
    private static void RefuseOthers(NetworkConfig config)
    {
        config.Require("attention_type", "\"default\"");
        config.Require("time_embedding_type", "\"positional\"");
        config.Require("center_input_sample", "false");
        config.Require("class_embeddings_concat", "false");
        config.Require("dual_cross_attention", "false");
        config.Require("timestep_post_act", "null");
    }

    private static void RefuseThoseOfAdm(NetworkConfig config)
    {
        config.Require("act_fn", "\"silu\"", "\"swish\"");
        config.Require("class_embed_type", "\"timestep\"", "\"projection\"");
        config.Require("addition_embed_type", "\"text_time\"");
        config.Require("mid_block_type", "\"UNetMidBlock2DCrossAttn\"", "\"UNetMidBlock2D\"");
        config.Require("resnet_skip_time_act", "false");
        config.Require("resnet_out_scale_factor", "1");
        config.Require("mid_block_scale_factor", "1");
        config.Require("addition_embed_type_num_heads", "64");
        foreach (string key in (ReadOnlySpan<string>)["cross_attention_norm", "encoder_hid_dim", "encoder_hid_dim_type", "time_embedding_act_fn"])
        {
            config.Require(key, "null");
        }
    }

    private static int OneForAll(NetworkConfig config, string key, int levels, int otherwise) => config.WholePerBlock(key, levels, otherwise).Distinct().ToArray() is [var value]
        ? value
        : throw new ModelFormatException(config.Path, $"the key '{key}' has different values for the blocks, which is not supported.");

    private static IReadOnlyList<int> Repeat(int value, int count) => [.. Enumerable.Repeat(value, count)];

    // Of configurations that say how many channels a head has.
    private IReadOnlyList<int> HeadsOfSomeChannels(IReadOnlyList<int> channelsOfHeads) => [.. Channels.Zip(channelsOfHeads, (channels, head) => channels / head)];

    private void RequireSense(string path)
    {
        for (int level = 0; level < Channels.Count; level++)
        {
            if (Groups < 1 || Channels[level] % Groups != 0 || Channels[level] % Heads[level] != 0)
            {
                throw new ModelFormatException(path, $"level {level} has {Channels[level]} channels ('block_out_channels') and {Heads[level]} heads ('attention_head_dim'); channels must be multiples of the heads and of the groups ({Groups}, 'norm_num_groups').");
            }
        }

        Adm?.RequireSense(path, ContextChannels);
        if (InKernel % 2 == 0 || OutKernel % 2 == 0 || DownPadding > 1 || FrequencyShift >= Channels[0] / 2)
        {
            throw new ModelFormatException(path, "'conv_in_kernel' and 'conv_out_kernel' must be odd, 'downsample_padding' 0 or 1, and 'freq_shift' below half of the first of 'block_out_channels'.");
        }
    }
}
