using DiffusionSharp.Diffusers.Names;
using DiffusionSharp.Diffusers.Safetensors;

namespace DiffusionSharp.Diffusers.Lora;

/// <summary>Which modules of a model the names in a LoRA file mean.</summary>
internal sealed class LoraNames
{
    private const string Ending = ".weight";

    // Of old attention processors, and of text encoders in them.
    private static readonly (string Old, string New)[] OldNames =
    [
        (".processor.", "."), ("self_attn.to_q", "self_attn.q_proj"), ("self_attn.to_k", "self_attn.k_proj"), ("self_attn.to_v", "self_attn.v_proj"), ("self_attn.to_out", "self_attn.out_proj"),
    ];

    private readonly Dictionary<string, IReadOnlyList<LoraTarget>> _targets = new(StringComparer.Ordinal);

    /// <param name="networks">The weights of each network, by its folder.</param>
    public LoraNames(IReadOnlyDictionary<string, Checkpoint> networks)
    {
        foreach ((string network, Checkpoint checkpoint) in networks)
        {
            string[] modules = [.. checkpoint.Tensors.Keys.Where(name => name.EndsWith(Ending, StringComparison.Ordinal)).Select(name => name[..^Ending.Length])];
            foreach (string module in modules)
            {
                LoraTarget[] target = [new(network, module)];
                _targets[$"{network}.{module}"] = target;
                foreach (string prefix in FlatPrefixes(network))
                {
                    _targets[prefix + Flat(module)] = target;
                }
            }

            AddOriginals(network, checkpoint, modules);
        }
    }

    /// <summary>The modules of a name; none where the model has no such.</summary>
    public IReadOnlyList<LoraTarget> Find(string name) => _targets.TryGetValue(name, out IReadOnlyList<LoraTarget>? targets) || _targets.TryGetValue(Renewed(name), out targets) ? targets : [];

    private static IEnumerable<string> FlatPrefixes(string network) => network switch
    {
        "text_encoder" => ["lora_te_", "lora_te1_"],
        "text_encoder_2" => ["lora_te2_"],
        "text_encoder_3" => ["lora_te3_"],
        "unet" or "transformer" => ["lora_unet_"],
        _ => [],
    };

    private static string Flat(string module) => module.Replace('.', '_');

    private static string Renewed(string name)
    {
        foreach ((string old, string renewed) in OldNames)
        {
            name = name.Replace(old, renewed, StringComparison.Ordinal);
        }

        return name.EndsWith(".to_out", StringComparison.Ordinal) ? name + ".0" : name;
    }

    // Kohya's trainer takes the names of the layout that it trains on.
    private void AddOriginals(string network, Checkpoint checkpoint, string[] modules)
    {
        int layers = modules.Count(module => module.StartsWith("down_blocks.0.resnets.", StringComparison.Ordinal) && module.EndsWith(".conv1", StringComparison.Ordinal));
        bool HasAttention(int block) => modules.Any(module => module.StartsWith($"up_blocks.{block}.attentions.", StringComparison.Ordinal));
        IEnumerable<(string Original, int Place, string Module)> originals = network switch
        {
            "unet" => modules.Select(module => (OriginalUNetNames.ToOriginal(module, layers, HasAttention)!, 0, module)),
            "transformer" => modules.Select(module => OriginalFluxNames.ToOriginal(module) is { } flux ? (flux.Name, flux.Place, module) : (null!, 0, module)),
            _ => [],
        };
        foreach (IGrouping<string, (string Original, int Place, string Module)> group in originals.Where(name => name.Original is not null).GroupBy(name => name.Original))
        {
            string[] parts = [.. group.OrderBy(name => name.Place).Select(name => name.Module)];
            long[] rows = [.. parts.Select(module => checkpoint.Tensors[module + Ending].Shape is [var count, ..] ? count : 0)];
            _targets[$"lora_unet_{Flat(group.Key)}"] = parts.Length == 1
                ? [new LoraTarget(network, parts[0])]
                : [.. parts.Select((module, i) => new LoraTarget(network, module, rows[..i].Sum(), rows.Sum()))];
        }
    }
}

/// <summary>A module that a LoRA changes.</summary>
/// <param name="Network">The network's folder.</param>
/// <param name="Module">The module's name in it.</param>
/// <param name="FirstRow">Where its rows begin among those of the file.</param>
/// <param name="AllRows">How many rows the file has, where they are of several modules; null where they are all this one's.</param>
internal sealed record LoraTarget(string Network, string Module, long FirstRow = 0, long? AllRows = null);
