using System.Text.Json;
using DiffusionSharp.Configuration;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>
/// The <c>model_index.json</c> of a folder and the files that it names. Nothing is guessed from absence: what the index names must be there,
/// what lies there must be named, and a component that is not known is refused.
/// </summary>
internal sealed class FolderIndex
{
    /// <summary>The scheduler that samples, which options may replace.</summary>
    public const string Sampler = "scheduler";

    private readonly string _folder;
    private readonly ConfigFile _index;
    private readonly IReadOnlyList<string> _leftOut;

    private FolderIndex(string folder, ConfigFile index, IReadOnlyList<string> leftOut) => (_folder, _index, _leftOut) = (folder, index, leftOut);

    public string Path => _index.Path;

    /// <summary>The pipeline's class, where the index says it.</summary>
    public string? PipelineClass => _index.Text("_class_name");

    /// <summary>The configuration of a scheduler.</summary>
    public string SchedulerOf(string component) => ClassOf(component) is not null
        ? PathOf(component, "scheduler_config.json")
        : throw new ModelFormatException(Path, $"names no '{component}'{(component == Sampler ? $": set {nameof(OnnxPipelineOptions)}.{nameof(OnnxPipelineOptions.Scheduler)}" : "")}.");

    /// <summary>Reads the index of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="leftOut">Components that are as though the index did not name them.</param>
    public static FolderIndex Load(string folder, IReadOnlyList<string> leftOut)
    {
        if (!Directory.Exists(folder))
        {
            throw new ModelFormatException(folder, "the model folder does not exist.");
        }

        string path = System.IO.Path.Combine(folder, "model_index.json");
        return new FolderIndex(folder, ConfigFile.LoadIfPresent(path) ?? throw new ModelFormatException(path, "the file is missing, so this is not a model folder."), leftOut);
    }

    /// <summary>Throws where the index names a component that a family does not know.</summary>
    public void Check(FolderKind family)
    {
        foreach (JsonProperty property in _index.Root.EnumerateObject())
        {
            string name = property.Name;
            bool isKnown = family.Components.Contains(name) || family.Dispensable.Contains(name);
            if ((isKnown || IsComponent(property.Value)) && ClassOf(name) is { } className && !isKnown)
            {
                throw new ModelFormatException(Path, $"the model has a '{name}' ({className}), which this loader does not know for a {PipelineClass}: known are {string.Join(", ", family.Components)}.");
            }
        }
    }

    /// <summary>Whether the folder is of a pipeline's class, whatever an exporter puts before it.</summary>
    public bool IsClass(string name) => PipelineClass?.EndsWith(name, StringComparison.Ordinal) == true;

    /// <summary>A key of the pipeline itself that is true or false.</summary>
    public bool Flag(string key, bool fallback) => _index.Flag(key) ?? fallback;

    /// <summary>A key of the pipeline itself that is a whole number, or null where the index does not say it.</summary>
    public int? WholeNumber(string key, int minimum = 0) => _index.WholeNumber(key, minimum);

    /// <summary>A key of the pipeline itself that is a number, or null where the index does not say it.</summary>
    public float? Number(string key) => (float?)_index.Number(key, float.MinValue, float.MaxValue);

    /// <summary>The class of a component, or null where the index does not name it or leaves it empty, or where it is left out.</summary>
    public string? ClassOf(string name) => _leftOut.Contains(name) ? null : PairOf(name) switch
    {
        null or [{ ValueKind: JsonValueKind.Null }, { ValueKind: JsonValueKind.Null }] => null,
        [{ ValueKind: JsonValueKind.String or JsonValueKind.Null }, { ValueKind: JsonValueKind.String } className] => className.GetString(),
        _ => throw _index.Wrong(name, "a list of two names", _index.Root.GetProperty(name)),
    };

    public string PathOf(params ReadOnlySpan<string> names) => System.IO.Path.Combine([_folder, .. names]);

    public bool HasFolder(string component) => Directory.Exists(PathOf(component));

    /// <summary>Throws where the folder has a model that the index does not name.</summary>
    public void RequireNoFolder(string component)
    {
        if (!_leftOut.Contains(component) && HasFolder(component) && Directory.EnumerateFiles(PathOf(component), "*.onnx").Any())
        {
            throw new ModelFormatException(Path, $"does not name '{component}', but the folder has one: name it, or take the folder '{component}' away.");
        }
    }

    private IReadOnlyList<JsonElement>? PairOf(string name) => _index.List(name, "a list of two names");

    private static bool IsComponent(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2 && value[1].ValueKind == JsonValueKind.String;
}
