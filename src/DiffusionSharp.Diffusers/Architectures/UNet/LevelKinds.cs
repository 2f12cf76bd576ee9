namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>How a configuration calls the levels of a UNet, without attention and with it.</summary>
/// <param name="Down">A level on the way down.</param>
/// <param name="DownAttention">The same with attention.</param>
/// <param name="Up">A level on the way up.</param>
/// <param name="UpAttention">The same with attention.</param>
internal sealed record LevelKinds(string Down, string DownAttention, string Up, string UpAttention)
{
    private const string DownKey = "down_block_types";
    private const string UpKey = "up_block_types";

    private static readonly LevelKinds Conditional = new("DownBlock2D", "CrossAttnDownBlock2D", "UpBlock2D", "CrossAttnUpBlock2D");
    private static readonly LevelKinds Unconditional = new("DownBlock2D", "AttnDownBlock2D", "UpBlock2D", "AttnUpBlock2D");
    private static readonly LevelKinds ConditionalAdm = new("ResnetDownsampleBlock2D", "SimpleCrossAttnDownBlock2D", "ResnetUpsampleBlock2D", "SimpleCrossAttnUpBlock2D");
    private static readonly LevelKinds UnconditionalAdm = ConditionalAdm with { DownAttention = "AttnDownBlock2D", UpAttention = "AttnUpBlock2D" };

    /// <summary>Whether they are those of ADM (arXiv:2105.05233), see <see cref="AdmUNetBlocks"/>.</summary>
    public bool AreAdm => Down == ConditionalAdm.Down;

    /// <summary>Those that the configuration of a network with conditions names.</summary>
    public static LevelKinds WithConditions(NetworkConfig config) =>
        config.Lists(DownKey, ConditionalAdm.Down) || config.Lists(DownKey, ConditionalAdm.DownAttention) ? ConditionalAdm : Conditional;

    /// <summary>Those that the configuration of a network without conditions names.</summary>
    public static LevelKinds WithoutConditions(NetworkConfig config) => config.Lists(DownKey, UnconditionalAdm.Down) ? UnconditionalAdm : Unconditional;

    /// <summary>Which levels on the way down have attention.</summary>
    /// <exception cref="ModelFormatException">There are levels of other kinds, or another number of them.</exception>
    public IReadOnlyList<bool> DownAttentions(NetworkConfig config, int levels) => Attentions(config, DownKey, levels, [DownAttention, DownAttention, DownAttention, Down], Down, DownAttention);

    /// <summary>Which levels on the way up have attention, from the smallest picture to the largest.</summary>
    /// <exception cref="ModelFormatException">There are levels of other kinds, or another number of them.</exception>
    public IReadOnlyList<bool> UpAttentions(NetworkConfig config, int levels) => Attentions(config, UpKey, levels, [Up, UpAttention, UpAttention, UpAttention], Up, UpAttention);

    private static IReadOnlyList<bool> Attentions(NetworkConfig config, string key, int levels, IReadOnlyList<string> otherwise, string without, string with)
    {
        IReadOnlyList<string> kinds = config.Texts(key, otherwise, without, with);
        return kinds.Count == levels
            ? [.. kinds.Select(kind => kind == with)]
            : throw new ModelFormatException(config.Path, $"the key '{key}' has {kinds.Count} blocks, but 'block_out_channels' has {levels}.");
    }
}
