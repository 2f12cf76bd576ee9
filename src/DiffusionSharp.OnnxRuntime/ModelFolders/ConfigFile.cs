using System.Text.Json;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>A JSON file of a model folder; errors name the file and the key.</summary>
internal sealed class ConfigFile
{
    private readonly JsonElement _root;

    private ConfigFile(string path, JsonElement root) => (Path, _root) = (path, root);

    public string Path { get; }

    /// <summary>The names of all components that the folder has.</summary>
    public IEnumerable<string> Components => _root.EnumerateObject().Where(property => IsComponent(property.Value)).Select(property => property.Name);

    public static ConfigFile Load(string path) => TryLoad(path) ?? throw new ModelFormatException(path, "the file is missing.");

    public static ConfigFile? TryLoad(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new ConfigFile(path, document.RootElement.Clone())
                : throw new ModelFormatException(path, $"expected a JSON object, found {document.RootElement.ValueKind}.");
        }
        catch (JsonException e)
        {
            throw new ModelFormatException(path, $"is not valid JSON: {e.Message}", e);
        }
    }

    public string? Text(string key) => Find(key, JsonValueKind.String, "text")?.GetString();

    public double? Number(string key) => Find(key, JsonValueKind.Number, "a number")?.GetDouble();

    public int? Integer(string key) => Find(key, JsonValueKind.Number, "a whole number") is not { } element
        ? null
        : element.TryGetInt32(out int value) ? value : throw Wrong(key, "a whole number", element);

    /// <summary>Length of a list, or null where the key is absent.</summary>
    public int? Count(string key) => Find(key, JsonValueKind.Array, "a list")?.GetArrayLength();

    /// <summary>The two names of a component, library and class, or null where the folder goes without it.</summary>
    public (string Library, string ClassName)? Component(string key)
    {
        if (Find(key, JsonValueKind.Array, "a list of two names") is not { } element)
        {
            return null;
        }

        if (element.GetArrayLength() != 2)
        {
            throw Wrong(key, "a list of two names", element);
        }

        return IsComponent(element) ? (element[0].GetString()!, element[1].GetString()!) : null;
    }

    private static bool IsComponent(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array && element.GetArrayLength() == 2
        && element[0].ValueKind == JsonValueKind.String && element[1].ValueKind == JsonValueKind.String;

    private JsonElement? Find(string key, JsonValueKind kind, string expected)
    {
        if (!_root.TryGetProperty(key, out JsonElement element) || element.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return element.ValueKind == kind ? element : throw Wrong(key, expected, element);
    }

    private ModelFormatException Wrong(string key, string expected, JsonElement found) =>
        new(Path, $"the key '{key}' must be {expected}, found {found.GetRawText()}.");
}
