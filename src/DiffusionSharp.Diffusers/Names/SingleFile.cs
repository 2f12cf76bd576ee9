using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Safetensors;

namespace DiffusionSharp.Diffusers.Names;

/// <summary>A file that has all networks of Stable Diffusion 1.x, 2.x or XL, or the transformer of Flux, in the layout of their authors, as people share them.</summary>
internal static class SingleFile
{
    private const string UNet = "unet";
    private const string Transformer = "transformer";
    private const string Autoencoder = "vae";

    // How the names of a network begin, and the rule for the rest. Whatever begins otherwise (running averages, noise schedules) is not needed.
    private static readonly Rule[] StableDiffusion =
    [
        new("model.diffusion_model.", UNet, (tensor, rest, layout) => Renamed(tensor, OriginalUNetNames.ToDiffusers(rest, layout.Layers))),
        new("first_stage_model.", Autoencoder, (tensor, rest, layout) => Renamed(tensor, OriginalAutoencoderNames.ToDiffusers(rest, layout.Levels))),
        new("cond_stage_model.transformer.", "text_encoder", (tensor, rest, _) => Renamed(tensor, rest)),
        new("conditioner.embedders.0.transformer.", "text_encoder", (tensor, rest, _) => Renamed(tensor, rest)),
        new("cond_stage_model.model.", "text_encoder", (tensor, rest, _) => OpenClipNames.ToDiffusers(tensor, rest)),
        new("conditioner.embedders.1.model.", "text_encoder_2", (tensor, rest, _) => OpenClipNames.ToDiffusers(tensor, rest)),
        new("conditioner.embedders.0.model.", "text_encoder_2", (tensor, rest, _) => OpenClipNames.ToDiffusers(tensor, rest)),
    ];

    // Its authors have the transformer by itself; others put the rest beside it.
    private static readonly Rule[] Flux =
    [
        new("model.diffusion_model.", Transformer, (tensor, rest, _) => OriginalFluxNames.ToDiffusers(tensor, rest)),
        new("vae.", Autoencoder, (tensor, rest, layout) => Renamed(tensor, OriginalAutoencoderNames.ToDiffusers(rest, layout.Levels))),
        new("text_encoders.clip_l.transformer.", "text_encoder", (tensor, rest, _) => Renamed(tensor, rest)),
        new("text_encoders.t5xxl.transformer.", "text_encoder_2", (tensor, rest, _) => Renamed(tensor, rest)),
        new("", Transformer, (tensor, rest, _) => OriginalFluxNames.ToDiffusers(tensor, rest)),
    ];

    /// <summary>The weights of each network that the file has, by its folder, under the names of diffusers.</summary>
    /// <exception cref="ModelFormatException">The file is damaged, or has another layout.</exception>
    public static IReadOnlyDictionary<string, Checkpoint> Open(string path)
    {
        var file = SafetensorsFile.Open(path);
        var layout = new Layout(OriginalUNetNames.Layers(file.Tensors.Keys), OriginalAutoencoderNames.Levels(file.Tensors.Keys));
        bool isFlux = file.Tensors.Keys.Any(OriginalFluxNames.IsTypical);
        Rule[] rules = isFlux ? Flux : StableDiffusion;
        var networks = new Dictionary<string, Dictionary<string, StoredTensor>>(StringComparer.Ordinal);
        foreach (StoredTensor tensor in file.Tensors.Values)
        {
            if (Array.Find(rules, rule => tensor.Name.StartsWith(rule.Prefix, StringComparison.Ordinal)) is not { } rule)
            {
                continue;
            }

            if (!networks.TryGetValue(rule.Network, out Dictionary<string, StoredTensor>? tensors))
            {
                networks[rule.Network] = tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
            }

            foreach (StoredTensor renamed in rule.Rename(tensor, tensor.Name[rule.Prefix.Length..], layout))
            {
                tensors[renamed.Name] = renamed;
            }
        }

        return networks.ContainsKey(isFlux ? Transformer : UNet)
            ? networks.ToDictionary(network => network.Key, network => Checkpoint.Of(file.Path, network.Value))
            : throw new ModelFormatException(file.Path, $"has no tensors that begin with '{StableDiffusion[0].Prefix}', so it is no Stable Diffusion 1.x, 2.x or XL as a single file, and none that are Flux's. The weights of one network belong into that network's folder.");
    }

    private static IEnumerable<StoredTensor> Renamed(StoredTensor tensor, string? name) => name is null ? [] : [tensor with { Name = name }];

    private sealed record Rule(string Prefix, string Network, Func<StoredTensor, string, Layout, IEnumerable<StoredTensor>> Rename);

    private sealed record Layout(int Layers, int Levels);
}
