using System.Globalization;
using System.Text.RegularExpressions;

namespace DiffusionSharp.Diffusers.Names;

/// <summary>
/// What the UNet of Stable Diffusion calls its modules in the layout of its authors (CompVis, Stability AI), which counts the blocks of all levels
/// in one row: single files have these names, and LoRAs that were trained on them.
/// </summary>
internal static partial class OriginalUNetNames
{
    private static readonly (string Diffusers, string Original)[] InResnet =
    [
        ("norm1", "in_layers.0"), ("conv1", "in_layers.2"), ("time_emb_proj", "emb_layers.1"),
        ("norm2", "out_layers.0"), ("conv2", "out_layers.3"), ("conv_shortcut", "skip_connection"),
    ];

    private static readonly (string Diffusers, string Original)[] Ends =
    [
        ("conv_in", "input_blocks.0.0"), ("conv_norm_out", "out.0"), ("conv_out", "out.2"),
        ("time_embedding.linear_1", "time_embed.0"), ("time_embedding.linear_2", "time_embed.2"),
        ("add_embedding.linear_1", "label_emb.0.0"), ("add_embedding.linear_2", "label_emb.0.2"),
    ];

    /// <summary>ResNet blocks of a level, from where the first downsampler is; 0 where there is none.</summary>
    public static int Layers(IEnumerable<string> names) =>
        names.Select(name => FirstDown().Match(name)).Where(match => match.Success).Select(match => Math.Max(Number(match, 1) - 1, 0)).DefaultIfEmpty(0).Min();

    /// <summary>The name of a tensor in diffusers; null for one that is not known.</summary>
    /// <param name="name">The authors' name.</param>
    /// <param name="layers">ResNet blocks of a level.</param>
    public static string? ToDiffusers(string name, int layers)
    {
        int dot = name.LastIndexOf('.');
        if (dot < 0)
        {
            return null;
        }

        (string module, string tensor) = (name[..dot], name[dot..]);
        return ModuleToDiffusers(module, layers) is { } found ? found + tensor : null;
    }

    /// <summary>The authors' name of a module; null for one that they do not have.</summary>
    /// <param name="module">The name in diffusers.</param>
    /// <param name="layers">ResNet blocks of a level.</param>
    /// <param name="hasAttention">Whether a level on the way up has attention.</param>
    public static string? ToOriginal(string module, int layers, Func<int, bool> hasAttention)
    {
        if (Array.Find(Ends, end => end.Diffusers == module).Original is { } known)
        {
            return known;
        }

        if (Middle().Match(module) is { Success: true } middle)
        {
            return middle.Groups[1].Value == "attentions" ? $"middle_block.1.{middle.Groups[3].Value}" : Resnet($"middle_block.{2 * Number(middle, 2)}", middle.Groups[3].Value);
        }

        if (Level().Match(module) is not { Success: true } level)
        {
            return null;
        }

        bool isDown = level.Groups[1].Value == "down";
        int each = layers + 1;
        int block = Number(level, 2);
        int place = (block * each) + Number(level, 4);
        string blocks = isDown ? $"input_blocks.{place + 1}" : $"output_blocks.{place}";
        return level.Groups[3].Value switch
        {
            "resnets" => Resnet($"{blocks}.0", level.Groups[5].Value),
            "attentions" => $"{blocks}.1.{level.Groups[5].Value}",
            "downsamplers" => $"input_blocks.{(block + 1) * each}.0.op",
            _ => $"output_blocks.{(block * each) + layers}.{(hasAttention(block) ? 2 : 1)}.{level.Groups[5].Value}",
        };
    }

    private static string? ModuleToDiffusers(string module, int layers)
    {
        if (Array.Find(Ends, end => end.Original == module).Diffusers is { } known)
        {
            return known;
        }

        if (MiddleBlock().Match(module) is { Success: true } middle)
        {
            int index = Number(middle, 1);
            return index == 1 ? $"mid_block.attentions.0.{middle.Groups[2].Value}" : InDiffusers($"mid_block.resnets.{index / 2}", middle.Groups[2].Value);
        }

        if (Block().Match(module) is not { Success: true } block)
        {
            return null;
        }

        (int place, int part, string rest) = (Number(block, 2), Number(block, 3), block.Groups[4].Value);
        int each = layers + 1;
        return block.Groups[1].Value switch
        {
            "input" when place == 0 => null,
            "input" when rest == "op" => $"down_blocks.{(place / each) - 1}.downsamplers.0.conv",
            "input" => part == 0 ? InDiffusers($"down_blocks.{(place - 1) / each}.resnets.{(place - 1) % each}", rest) : $"down_blocks.{(place - 1) / each}.attentions.{(place - 1) % each}.{rest}",
            "output" when rest == "conv" => $"up_blocks.{place / each}.upsamplers.0.conv",
            "output" => part == 0 ? InDiffusers($"up_blocks.{place / each}.resnets.{place % each}", rest) : $"up_blocks.{place / each}.attentions.{place % each}.{rest}",
            _ => null,
        };
    }

    private static string? InDiffusers(string block, string module) => Array.Find(InResnet, name => name.Original == module).Diffusers is { } found ? $"{block}.{found}" : null;

    private static string? Resnet(string block, string module) => Array.Find(InResnet, name => name.Diffusers == module).Original is { } found ? $"{block}.{found}" : null;

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"input_blocks\.(\d{1,4})\.0\.op\.weight$")]
    private static partial Regex FirstDown();

    [GeneratedRegex(@"^mid_block\.(resnets|attentions)\.(\d{1,4})\.(.+)$")]
    private static partial Regex Middle();

    [GeneratedRegex(@"^(down|up)_blocks\.(\d{1,4})\.(resnets|attentions|downsamplers|upsamplers)\.(\d{1,4})\.(.+)$")]
    private static partial Regex Level();

    [GeneratedRegex(@"^middle_block\.([012])\.(.+)$")]
    private static partial Regex MiddleBlock();

    [GeneratedRegex(@"^(input|output)_blocks\.(\d{1,4})\.(\d)\.(.+)$")]
    private static partial Regex Block();
}
