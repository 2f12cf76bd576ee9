using System.Text.Json;
using DiffusionSharp.Configuration;
using DiffusionSharp.OnnxRuntime.Safetensors;

namespace DiffusionSharp.Diffusers.Lora;

/// <summary>What a file of newer diffusers says of its LoRAs beside the tensors: the configuration of peft, with the network's name before each key.</summary>
internal sealed class LoraMetadata
{
    private const string Key = "lora_adapter_metadata";

    private readonly ConfigFile _config;

    private LoraMetadata(ConfigFile config) => _config = config;

    /// <summary>The metadata of a file; null where it has none.</summary>
    /// <exception cref="ModelFormatException">They are damaged.</exception>
    public static LoraMetadata? Of(SafetensorsFile file) => file.Metadata.TryGetValue(Key, out string? json) ? new LoraMetadata(ConfigFile.Parse(json, file.Path)) : null;

    /// <summary>What the product of a module's matrices is multiplied by.</summary>
    /// <param name="name">The module, with its network.</param>
    /// <param name="rank">Its rank.</param>
    public float FactorOf(string name, long rank)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return 1;
        }

        (string network, string module) = (name[..dot], name[(dot + 1)..]);
        double? alpha = PatternOf(network, module) ?? _config.Number($"{network}.lora_alpha");
        // Rank-stabilised, arXiv:2312.03732.
        bool isStabilised = _config.Flag($"{network}.use_rslora") ?? false;
        return alpha is { } number ? (float)(number / (isStabilised ? Math.Sqrt(rank) : rank)) : 1;
    }

    // An alpha for modules whose names end so.
    private double? PatternOf(string network, string module)
    {
        string key = $"{network}.alpha_pattern";
        if (_config.Find(key) is not { ValueKind: JsonValueKind.Object } patterns)
        {
            return null;
        }

        foreach (JsonProperty pattern in patterns.EnumerateObject())
        {
            if (module == pattern.Name || module.EndsWith($".{pattern.Name}", StringComparison.Ordinal))
            {
                return pattern.Value.ValueKind == JsonValueKind.Number ? pattern.Value.GetDouble() : throw _config.Wrong(key, "an object of numbers", patterns);
            }
        }

        return null;
    }
}
