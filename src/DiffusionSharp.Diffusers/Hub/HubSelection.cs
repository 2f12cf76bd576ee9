using System.IO.Enumeration;
using DiffusionSharp.OnnxRuntime.ModelFolders;
using DiffusionSharp.OnnxRuntime.Safetensors;

namespace DiffusionSharp.Diffusers.Hub;

/// <summary>Which files of a repository are downloaded.</summary>
internal static class HubSelection
{
    private const string Index = "model_index.json";
    private const string Weights = ".safetensors";
    private const string WeightIndex = ".safetensors.index";

    // Configurations, vocabularies, merges and models of tokenizers.
    private static readonly string[] Texts = [".json", ".txt", ".model"];

    /// <summary>Those that are named, each of which must be there.</summary>
    public static IReadOnlyList<HubFile> Named(HubListing listing, IReadOnlyList<string> names) =>
    [
        .. names.SelectMany(name => listing.Files.Where(file => FileSystemName.MatchesSimpleExpression(name.Replace("\\", "\\\\", StringComparison.Ordinal), file.Path, ignoreCase: false)) is var found && found.Any()
            ? found
            : throw new ModelDownloadException($"{listing.Name}: has no file '{name}'.")).Distinct(),
    ];

    /// <summary>Those that are read of a folder.</summary>
    /// <param name="listing">All files.</param>
    /// <param name="variant">Which weights are taken where there are several.</param>
    /// <param name="fetch">Downloads the index, which says which components there are.</param>
    public static async Task<IReadOnlyList<HubFile>> OfPipelineAsync(HubListing listing, string? variant, Func<HubFile, Task<string>> fetch)
    {
        if (listing.Find(Index) is not { } index)
        {
            return OfComponent(listing, "", variant);
        }

        var folder = FolderIndex.Load(await fetch(index).ConfigureAwait(false), []);
        IEnumerable<string> components = ModelFamilies.KindOf(folder).Components.Where(component => folder.ClassOf(component) is not null);
        return [index, .. components.SelectMany(component => OfComponent(listing, $"{component}/", variant))];
    }

    // The weights of the variant where there are some, as Checkpoint.Open looks for them; never pickles or other formats.
    private static IReadOnlyList<HubFile> OfComponent(HubListing listing, string prefix, string? variant)
    {
        HubFile[] own = [.. listing.Files.Where(file => file.Path.StartsWith(prefix, StringComparison.Ordinal) && !file.Path[prefix.Length..].Contains('/', StringComparison.Ordinal))];
        HubFile[] texts = [.. own.Where(file => Texts.Any(ending => file.Path.EndsWith(ending, StringComparison.Ordinal)) && !file.Path.Contains(".index.", StringComparison.Ordinal))];
        HubFile[] weights = [];
        foreach (string? word in variant is null ? (string?[])[null] : [variant, null])
        {
            weights = [.. own.Where(file => IsWeight(file.Path, word))];
            if (weights.Length > 0)
            {
                break;
            }
        }

        bool isNetwork = prefix.Length == 0 || own.Any(file => file.Path == $"{prefix}config.json");
        return weights.Length > 0 || !isNetwork
            ? [.. texts, .. weights]
            : throw new ModelDownloadException($"{listing.Name}: has no weights as safetensors in '{(prefix.Length == 0 ? "/" : prefix)}'{(own.Any(file => Pickles.Refusal(file.Path) is not null) ? ", only as Python pickles, which are never opened" : "")}.");
    }

    // name.word.safetensors, name.word-00001-of-00002.safetensors, name-00001-of-00002.word.safetensors, name.safetensors.index.word.json
    private static bool IsWeight(string path, string? word)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        bool isIndex = name.Contains(WeightIndex, StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal);
        if (!isIndex && !name.EndsWith(Weights, StringComparison.Ordinal))
        {
            return false;
        }

        string stem = isIndex ? name[..^".json".Length].Replace(WeightIndex, "", StringComparison.Ordinal) : name[..^Weights.Length];
        if (!stem.StartsWith("model", StringComparison.Ordinal) && !stem.StartsWith("diffusion_pytorch_model", StringComparison.Ordinal))
        {
            return false;
        }

        string[] words = [.. stem.Split('.').Skip(1).Select(part => part.Split('-')[0])];
        return word is null ? words.Length == 0 : words is [var only] && only == word;
    }
}
