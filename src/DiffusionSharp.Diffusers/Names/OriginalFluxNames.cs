using System.Text.RegularExpressions;

namespace DiffusionSharp.Diffusers.Names;

/// <summary>What the transformer of Flux calls its modules in the layout of its authors, where several modules of diffusers are rows of one: LoRAs that were trained on it have these names.</summary>
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

    [GeneratedRegex(@"^(single_)?transformer_blocks\.(\d{1,4})\.(.+)$")]
    private static partial Regex Block();
}
