using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>A layer of CLIP's transformers (arXiv:2103.00020), that of texts and that of pictures.</summary>
internal sealed class ClipLayer
{
    private readonly int _heads;
    private readonly int _innerChannels;
    private readonly bool _isQuick;
    private readonly bool _isCausal;

    private ClipLayer(int heads, int innerChannels, float epsilon, bool isQuick, bool isCausal) =>
        (_heads, _innerChannels, Epsilon, _isQuick, _isCausal) = (heads, innerChannels, epsilon, isQuick, isCausal);

    /// <summary>The epsilon of all norms.</summary>
    public float Epsilon { get; }

    /// <summary>Reads what a configuration says of all layers.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="channels">Channels of the states.</param>
    /// <param name="usualHeads">How many heads where it does not say.</param>
    /// <param name="usualInner">Channels between the two linear layers where it does not say.</param>
    /// <param name="isCausal">Whether a token sees only those before it.</param>
    /// <exception cref="ModelFormatException">The configuration asks for something that is not supported.</exception>
    public static ClipLayer Read(NetworkConfig config, int channels, int usualHeads, int usualInner, bool isCausal)
    {
        int heads = config.Whole("num_attention_heads", usualHeads);
        config.Require("hidden_act", "\"quick_gelu\"", "\"gelu\"");
        return heads >= 1 && channels % heads == 0
            ? new ClipLayer(heads, config.Whole("intermediate_size", usualInner), config.Number("layer_norm_eps", 1e-5f), config.Text("hidden_act") != "gelu", isCausal)
            : throw new ModelFormatException(config.Path, $"'hidden_size' ({channels}) must be a multiple of 'num_attention_heads' ({heads}).");
    }

    /// <summary>Adds the layer to the states <c>[B, T, C]</c>.</summary>
    public Value Apply(Value x, Weights w)
    {
        x += Attend(x.LayerNorm(w["layer_norm1"], Epsilon), w["self_attn"]);
        Value inner = x.LayerNorm(w["layer_norm2"], Epsilon).Linear(w["mlp"]["fc1"], _innerChannels);
        return x + (_isQuick ? inner.QuickGelu() : inner.Gelu()).Linear(w["mlp"]["fc2"], x.Channels);
    }

    private Value Attend(Value x, Weights w)
    {
        Value query = x.Linear(w["q_proj"], x.Channels);
        Value key = x.Linear(w["k_proj"], x.Channels);
        Value value = x.Linear(w["v_proj"], x.Channels);
        return query.Attend(key, value, _heads, causal: _isCausal).Linear(w["out_proj"], x.Channels);
    }
}
