using System.Text.Json;
using DiffusionSharp.Configuration;
using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.OnnxRuntime.Safetensors;

namespace DiffusionSharp.Diffusers.Safetensors;

/// <summary>The weights of one network: a safetensors file, or several with an index.</summary>
internal sealed class Checkpoint
{
    private const string Ending = ".safetensors";

    private static readonly Dictionary<string, IReadOnlyList<IWeightAdapter>> None = [];

    private Checkpoint(string path, IReadOnlyDictionary<string, StoredTensor> tensors, IReadOnlyDictionary<string, IReadOnlyList<IWeightAdapter>> adapters) =>
        (Path, Tensors, Adapters) = (path, tensors, adapters);

    /// <summary>The file, or the index, to name in errors.</summary>
    public string Path { get; }

    public IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <summary>What changes the weights of a module, by its name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<IWeightAdapter>> Adapters { get; }

    /// <summary>Opens the weights in a component's folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">What its files are called: <c>diffusion_pytorch_model</c>, or <c>model</c> for text encoders.</param>
    /// <param name="variant">For example <c>fp16</c>: the files with that word are taken where there are some, else those without.</param>
    /// <exception cref="ModelFormatException">There are none, only pickles, or they are damaged.</exception>
    public static Checkpoint Open(string folder, string name, string? variant)
    {
        foreach (string word in variant is null ? (ReadOnlySpan<string>)[""] : [$".{variant}", ""])
        {
            string index = System.IO.Path.Combine(folder, $"{name}{Ending}.index{word}.json");
            if (File.Exists(index))
            {
                return OpenIndex(index);
            }

            string file = System.IO.Path.Combine(folder, $"{name}{word}{Ending}");
            if (File.Exists(file))
            {
                return OpenFile(file);
            }
        }

        throw Missing(folder, name);
    }

    /// <summary>Weights of a file, under names of one's own.</summary>
    public static Checkpoint Of(string path, IReadOnlyDictionary<string, StoredTensor> tensors) => new(path, tensors, None);

    /// <summary>The same weights, with one more change to those of a module.</summary>
    public Checkpoint With(string module, IWeightAdapter adapter) =>
        new(Path, Tensors, new Dictionary<string, IReadOnlyList<IWeightAdapter>>(Adapters) { [module] = [.. Adapters.GetValueOrDefault(module, []), adapter] });

    public static Checkpoint OpenFile(string path)
    {
        var file = SafetensorsFile.Open(path);
        return new Checkpoint(file.Path, file.Tensors, None);
    }

    // The index says for every tensor which of the files has it.
    private static Checkpoint OpenIndex(string path)
    {
        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        var index = ConfigFile.Load(path);
        if (index.Find("weight_map") is not { ValueKind: JsonValueKind.Object } map)
        {
            throw new ModelFormatException(path, "the key 'weight_map' is missing, or no object.");
        }

        var files = new Dictionary<string, SafetensorsFile>(StringComparer.Ordinal);
        var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach (JsonProperty entry in map.EnumerateObject())
        {
            string name = TextOf(entry.Value);
            if (!files.TryGetValue(name, out SafetensorsFile? file))
            {
                RequirePlainName(path, name);
                files[name] = file = SafetensorsFile.Open(System.IO.Path.Combine(folder, name));
            }

            tensors[entry.Name] = file.Tensors.TryGetValue(entry.Name, out StoredTensor? tensor)
                ? tensor
                : throw new ModelFormatException(path, $"says that '{name}' has the tensor '{entry.Name}', but it has not.");
        }

        return new Checkpoint(path, tensors, None);
    }

    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return "";
        }
    }

    // A name with a folder in it could lead anywhere.
    private static void RequirePlainName(string path, string name)
    {
        if (!name.EndsWith(Ending, StringComparison.Ordinal) || name.AsSpan().IndexOfAny("/\\:\0") >= 0)
        {
            throw new ModelFormatException(path, $"the key 'weight_map' names '{name}'; expected the name of a {Ending} file in the same folder.");
        }
    }

    private static ModelFormatException Missing(string folder, string name)
    {
        string expected = System.IO.Path.Combine(folder, name + Ending);
        if (!Directory.Exists(folder))
        {
            return new ModelFormatException(expected, "the folder is missing.");
        }

        string[] others = [.. Directory.EnumerateFiles(folder, "*" + Ending).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal).Take(10)];
        if (others.Length > 0)
        {
            return new ModelFormatException(expected, $"the file is missing; there {(others.Length == 1 ? "is" : "are")} {string.Join(", ", others)}. If one of these is meant, set {nameof(DiffusersPipelineOptions.Variant)} to the word in its name.");
        }

        return Pickles.In(folder) is [var pickle, ..]
            ? new ModelFormatException(System.IO.Path.Combine(folder, pickle), Pickles.Reason)
            : new ModelFormatException(expected, "the file is missing, and so is an index of several.");
    }
}
