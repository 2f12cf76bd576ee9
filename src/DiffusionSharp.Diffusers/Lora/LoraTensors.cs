using DiffusionSharp.OnnxRuntime.Safetensors;

namespace DiffusionSharp.Diffusers.Lora;

/// <summary>The tensors of a LoRA file that belong to one module, by what they are.</summary>
internal sealed class LoraTensors
{
    public const string Down = "down";
    public const string Up = "up";

    // Every way to write the end of a name, the longest first where one is the end of another.
    private static readonly (string Ending, string Role)[] Endings =
    [
        (".lora_A.weight", Down), (".lora_B.weight", Up),
        (".lora_linear_layer.down.weight", Down), (".lora_linear_layer.up.weight", Up),
        (".lora.down.weight", Down), (".lora.up.weight", Up),
        ("_lora.down.weight", Down), ("_lora.up.weight", Up),
        (".lora_down.weight", Down), (".lora_up.weight", Up),
        (".lora_mid.weight", "mid"), (".alpha", "alpha"), (".dora_scale", "magnitude"), (".lora_magnitude_vector", "magnitude"),
        (".hada_w1_a", "hada_w1_a"), (".hada_w1_b", "hada_w1_b"), (".hada_w2_a", "hada_w2_a"), (".hada_w2_b", "hada_w2_b"),
        (".lokr_w1", "lokr_w1"), (".lokr_w1_a", "lokr_w1_a"), (".lokr_w1_b", "lokr_w1_b"),
        (".lokr_w2", "lokr_w2"), (".lokr_w2_a", "lokr_w2_a"), (".lokr_w2_b", "lokr_w2_b"),
    ];

    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);

    private readonly LoraMetadata? _metadata;

    private LoraTensors(string path, string module, LoraMetadata? metadata) => (Path, Module, _metadata) = (path, module, metadata);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What the file calls the module.</summary>
    public string Module { get; }

    /// <summary>A tensor by its role, or null.</summary>
    public StoredTensor? this[string role] => _tensors.GetValueOrDefault(role);

    /// <summary>What the change is multiplied by where no tensor says alpha.</summary>
    public float FactorOf(long rank) => _metadata?.FactorOf(Module, rank) ?? 1;

    /// <summary>All modules of a file.</summary>
    /// <exception cref="ModelFormatException">The file is damaged, or has tensors that are none of a LoRA.</exception>
    public static IReadOnlyCollection<LoraTensors> Read(string path)
    {
        var file = SafetensorsFile.Open(path);
        var metadata = LoraMetadata.Of(file);
        var modules = new Dictionary<string, LoraTensors>(StringComparer.Ordinal);
        var unknown = new List<string>();
        foreach (StoredTensor tensor in file.Tensors.Values)
        {
            (string ending, string role) = Array.Find(Endings, known => tensor.Name.EndsWith(known.Ending, StringComparison.Ordinal));
            if (ending is null)
            {
                unknown.Add(tensor.Name);
                continue;
            }

            string module = tensor.Name[..^ending.Length];
            if (!modules.TryGetValue(module, out LoraTensors? tensors))
            {
                modules[module] = tensors = new LoraTensors(file.Path, module, metadata);
            }

            tensors._tensors[role] = tensor;
        }

        return unknown.Count == 0
            ? modules.Values
            : throw new ModelFormatException(file.Path, $"has tensors that are not known in a LoRA: {Named(unknown)}.");
    }

    /// <summary>A tensor by its role.</summary>
    /// <exception cref="ModelFormatException">There is none.</exception>
    public StoredTensor Require(string role) => this[role] ?? throw new ModelFormatException(Path, $"the module '{Module}' has no tensor '{role}'.");

    /// <summary>Names for an error, the first few of many.</summary>
    public static string Named(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(8).Select(name => $"'{name}'")) + (names.Count > 8 ? $" and {names.Count - 8} more" : "");
}
