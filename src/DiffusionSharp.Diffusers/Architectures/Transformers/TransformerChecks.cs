namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>What must hold of every transformer's configuration.</summary>
internal static class TransformerChecks
{
    private const int Most = 1 << 20;

    /// <summary>Channels of all heads together.</summary>
    /// <exception cref="ModelFormatException">There are none, or too many to be meant.</exception>
    public static int Channels(NetworkConfig config, int heads, int usualHeadChannels)
    {
        long channels = (long)heads * (config.Whole("attention_head_dim") ?? usualHeadChannels);
        return channels <= Most ? (int)channels : throw new ModelFormatException(config.Path, $"'num_attention_heads' times 'attention_head_dim' is {channels}.");
    }
}
