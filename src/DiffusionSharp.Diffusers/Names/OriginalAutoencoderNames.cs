using System.Globalization;
using System.Text.RegularExpressions;

namespace DiffusionSharp.Diffusers.Names;

/// <summary>What the autoencoder of Stable Diffusion calls its modules in the layout of its authors, which counts the levels of the decoder from the largest picture.</summary>
internal static partial class OriginalAutoencoderNames
{
    private static readonly Dictionary<string, string> InAttention = new(StringComparer.Ordinal)
    {
        ["norm"] = "group_norm",
        ["q"] = "to_q",
        ["k"] = "to_k",
        ["v"] = "to_v",
        ["proj_out"] = "to_out.0",
    };

    /// <summary>How many levels there are.</summary>
    public static int Levels(IEnumerable<string> names) =>
        names.Select(name => UpLevel().Match(name)).Where(match => match.Success).Select(match => Number(match, 1) + 1).DefaultIfEmpty(0).Max();

    /// <summary>The name of a tensor in diffusers.</summary>
    /// <param name="name">The authors' name.</param>
    /// <param name="levels">How many levels there are.</param>
    public static string ToDiffusers(string name, int levels)
    {
        name = name.Replace(".norm_out.", ".conv_norm_out.", StringComparison.Ordinal).Replace(".nin_shortcut.", ".conv_shortcut.", StringComparison.Ordinal);
        name = Sample().Replace(name, match => match.Groups[1].Value == "down"
            ? $"down_blocks.{match.Groups[2].Value}.downsamplers.0."
            : $"up_blocks.{levels - 1 - Number(match, 2)}.upsamplers.0.");
        name = Block().Replace(name, match => match.Groups[1].Value == "down"
            ? $"down_blocks.{match.Groups[2].Value}.resnets."
            : $"up_blocks.{levels - 1 - Number(match, 2)}.resnets.");
        name = MiddleBlock().Replace(name, match => $"mid_block.resnets.{Number(match, 1) - 1}.");
        return MiddleAttention().Replace(name, match => $"mid_block.attentions.0.{InAttention.GetValueOrDefault(match.Groups[1].Value, match.Groups[1].Value)}.");
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?:first_stage_model|vae)\.decoder\.up\.(\d{1,4})\.")]
    private static partial Regex UpLevel();

    [GeneratedRegex(@"\b(down|up)\.(\d{1,4})\.(?:down|up)sample\.")]
    private static partial Regex Sample();

    [GeneratedRegex(@"\b(down|up)\.(\d{1,4})\.block\.")]
    private static partial Regex Block();

    [GeneratedRegex(@"\bmid\.block_(\d)\.")]
    private static partial Regex MiddleBlock();

    [GeneratedRegex(@"\bmid\.attn_1\.(\w+)\.")]
    private static partial Regex MiddleAttention();
}
