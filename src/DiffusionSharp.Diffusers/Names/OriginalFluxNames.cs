using System.Text.RegularExpressions;
using DiffusionSharp.OnnxRuntime.Safetensors;

namespace DiffusionSharp.Diffusers.Names;

/// <summary>
/// What the transformer of Flux calls its modules in the layout of its authors, where several modules of diffusers are rows of one: single files have these
/// names, and LoRAs that were trained on them.
/// </summary>
internal static partial class OriginalFluxNames
{
    // The parts of a module come in the order of this list.
    private static readonly (string Module, string Original)[] DoubleBlocks =
    [
        ("norm1.linear", "img_mod.lin"), ("norm1_context.linear", "txt_mod.lin"),
        ("attn.to_q", "img_attn.qkv"), ("attn.to_k", "img_attn.qkv"), ("attn.to_v", "img_attn.qkv"), ("attn.to_out.0", "img_attn.proj"),
        ("attn.add_q_proj", "txt_attn.qkv"), ("attn.add_k_proj", "txt_attn.qkv"), ("attn.add_v_proj", "txt_attn.qkv"), ("attn.to_add_out", "txt_attn.proj"),
        ("ff.net.0.proj", "img_mlp.0"), ("ff.net.2", "img_mlp.2"), ("ff_context.net.0.proj", "txt_mlp.0"), ("ff_context.net.2", "txt_mlp.2"),
    ];

    private static readonly (string Module, string Original)[] SingleBlocks =
    [
        ("norm.linear", "modulation.lin"),
        ("attn.to_q", "linear1"), ("attn.to_k", "linear1"), ("attn.to_v", "linear1"), ("proj_mlp", "linear1"),
        ("proj_out", "linear2"),
    ];

    // One by one; norms have a scale in place of a weight.
    private static readonly (string Module, string Original)[] Norms =
    [
        ("attn.norm_q", "img_attn.norm.query_norm"), ("attn.norm_k", "img_attn.norm.key_norm"), ("attn.norm_added_q", "txt_attn.norm.query_norm"), ("attn.norm_added_k", "txt_attn.norm.key_norm"),
        ("attn.norm_q", "norm.query_norm"), ("attn.norm_k", "norm.key_norm"),
    ];

    private static readonly (string Module, string Original)[] Ends =
    [
        ("x_embedder", "img_in"), ("context_embedder", "txt_in"), ("proj_out", "final_layer.linear"), (LastNorm, "final_layer.adaLN_modulation.1"),
        ("time_text_embed.timestep_embedder.linear_1", "time_in.in_layer"), ("time_text_embed.timestep_embedder.linear_2", "time_in.out_layer"),
        ("time_text_embed.text_embedder.linear_1", "vector_in.in_layer"), ("time_text_embed.text_embedder.linear_2", "vector_in.out_layer"),
        ("time_text_embed.guidance_embedder.linear_1", "guidance_in.in_layer"), ("time_text_embed.guidance_embedder.linear_2", "guidance_in.out_layer"),
    ];

    // Its shift comes before its scale.
    private const string LastNorm = "norm_out.linear";

    // Queries, keys, values, and the first layer of a feed-forward network four times as wide.
    private const int SingleRows = 7;

    /// <summary>Whether a name is one of the transformer's own, which nothing else has.</summary>
    public static bool IsTypical(string name) => name.EndsWith("double_blocks.0.img_attn.qkv.weight", StringComparison.Ordinal);

    /// <summary>The tensors of diffusers that one of the authors' layout is; none where it is not known.</summary>
    public static IEnumerable<StoredTensor> ToDiffusers(StoredTensor tensor, string name)
    {
        int dot = name.LastIndexOf('.');
        (string module, string end) = dot < 0 ? (name, "") : (name[..dot], name[dot..]);
        if (Array.Find(Ends, known => known.Original == module).Module is { } known)
        {
            return [tensor with { Name = known + end, HasHalvesSwapped = known == LastNorm }];
        }

        if (OriginalBlock().Match(module) is not { Success: true } block)
        {
            return [];
        }

        bool isSingle = block.Groups[1].Value == "single";
        string prefix = $"{(isSingle ? "single_" : "")}transformer_blocks.{block.Groups[2].Value}";
        if (Array.Find(Norms, norm => norm.Original == block.Groups[3].Value).Module is { } norm)
        {
            return [tensor with { Name = $"{prefix}.{norm}.weight" }];
        }

        string[] parts = [.. (isSingle ? SingleBlocks : DoubleBlocks).Where(part => part.Original == block.Groups[3].Value).Select(part => part.Module)];
        return parts.Length < 2 ? parts.Select(part => tensor with { Name = $"{prefix}.{part}{end}" }) : InParts(tensor, parts, part => $"{prefix}.{part}{end}");
    }

    // All parts have as many rows, but for a last one that is the rest.
    private static IEnumerable<StoredTensor> InParts(StoredTensor tensor, string[] parts, Func<string, string> nameOf)
    {
        int divisor = parts.Length == 3 ? parts.Length : SingleRows;
        if (tensor.Shape.Count == 0 || tensor.Shape[0] == 0 || tensor.Shape[0] % divisor != 0)
        {
            throw new ModelFormatException(tensor.Path, $"the tensor '{tensor.Name}' has the shape {tensor.ShapeText}; expected rows of {string.Join(", ", parts)}.");
        }

        long rows = tensor.Shape[0] / divisor;
        return parts.Select((part, i) => tensor.Rows(i * rows, i < 3 ? rows : tensor.Shape[0] - (i * rows)) with { Name = nameOf(part) });
    }

    /// <summary>The name of a module of Flux's transformer in its authors' layout; null for one that has none.</summary>
    /// <param name="module">The name in diffusers.</param>
    /// <returns>The name, and the place among those that share it.</returns>
    public static (string Name, int Place)? ToOriginal(string module)
    {
        if (Block().Match(module) is not { Success: true } block)
        {
            return null;
        }

        bool isSingle = block.Groups[1].Success;
        (string Module, string Original)[] names = isSingle ? SingleBlocks : DoubleBlocks;
        int place = Array.FindIndex(names, name => name.Module == block.Groups[3].Value);
        return place < 0
            ? null
            : ($"{(isSingle ? "single_blocks" : "double_blocks")}.{block.Groups[2].Value}.{names[place].Original}", place);
    }

    [GeneratedRegex(@"^(double|single)_blocks\.(\d{1,4})\.(.+)$")]
    private static partial Regex OriginalBlock();

    [GeneratedRegex(@"^(single_)?transformer_blocks\.(\d{1,4})\.(.+)$")]
    private static partial Regex Block();
}
