using System.Text.RegularExpressions;
using DiffusionSharp.OnnxRuntime.Safetensors;

namespace DiffusionSharp.Diffusers.Names;

/// <summary>What OpenCLIP calls the modules of its text encoder: queries, keys and values are rows of one matrix, and the projection is the other way round.</summary>
internal static partial class OpenClipNames
{
    private static readonly Dictionary<string, string> InBlock = new(StringComparer.Ordinal)
    {
        ["ln_1"] = "layer_norm1",
        ["ln_2"] = "layer_norm2",
        ["mlp.c_fc"] = "mlp.fc1",
        ["mlp.c_proj"] = "mlp.fc2",
        ["attn.out_proj"] = "self_attn.out_proj",
    };

    /// <summary>The tensors of diffusers that one of OpenCLIP is; none where nobody needs it.</summary>
    public static IEnumerable<StoredTensor> ToDiffusers(StoredTensor tensor, string name)
    {
        if (Block().Match(name) is not { Success: true } block)
        {
            return name switch
            {
                "positional_embedding" => [tensor with { Name = "text_model.embeddings.position_embedding.weight" }],
                "token_embedding.weight" => [tensor with { Name = "text_model.embeddings.token_embedding.weight" }],
                "ln_final.weight" or "ln_final.bias" => [tensor with { Name = $"text_model.final_layer_norm.{name["ln_final.".Length..]}" }],
                "text_projection" => [tensor with { Name = "text_projection.weight", IsTransposed = true }],
                _ => [],
            };
        }

        string layer = $"text_model.encoder.layers.{block.Groups[1].Value}";
        string rest = block.Groups[2].Value;
        if (rest is "attn.in_proj_weight" or "attn.in_proj_bias")
        {
            return InThree(tensor, $"{layer}.self_attn", rest["attn.in_proj_".Length..]);
        }

        int dot = rest.LastIndexOf('.');
        return dot > 0 && InBlock.TryGetValue(rest[..dot], out string? module) ? [tensor with { Name = $"{layer}.{module}{rest[dot..]}" }] : [];
    }

    private static IEnumerable<StoredTensor> InThree(StoredTensor tensor, string module, string end)
    {
        if (tensor.Shape.Count == 0 || tensor.Shape[0] % 3 != 0)
        {
            throw new ModelFormatException(tensor.Path, $"the tensor '{tensor.Name}' has the shape {tensor.ShapeText}; expected rows of queries, keys and values.");
        }

        long length = tensor.Length / 3;
        return ((string[])["q_proj", "k_proj", "v_proj"]).Select((part, i) => tensor with
        {
            Name = $"{module}.{part}.{end}",
            Shape = [tensor.Shape[0] / 3, .. tensor.Shape.Skip(1)],
            Offset = tensor.Offset + (i * length),
            Length = length,
        });
    }

    [GeneratedRegex(@"^transformer\.resblocks\.(\d{1,4})\.(.+)$")]
    private static partial Regex Block();
}
