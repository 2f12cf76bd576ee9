using System.Text.Json;
using DiffusionSharp.Configuration;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>Models that lie in the folder as ONNX files.</summary>
/// <param name="index">The folder's index.</param>
/// <param name="variant">Which of several files; null for <c>model.onnx</c>.</param>
internal sealed class OnnxFiles(FolderIndex index, string? variant) : IFolderModels
{
    public bool Has(string component) => index.HasFolder(component);

    // In place of a class the index may name the file.
    public ModelSource Open(string component, string named) => ModelSource.File(index.ClassOf(named) switch
    {
        null => throw new ModelFormatException(index.Path, $"names no '{named}'."),
        { } file when file.EndsWith(ModelFile.Extension, StringComparison.OrdinalIgnoreCase) => index.PathOf(component, file),
        _ => ModelFile.Find(index.PathOf(component), $"model_index.json names '{named}'", variant),
    });

    public IReadOnlyList<float> Vector(string component, string name, string exported)
    {
        var file = ConfigFile.Load(index.PathOf(component, exported));
        return file.List(name, "a list of numbers") is { } list
            ? [.. list.Select(element => element.ValueKind == JsonValueKind.Number ? element.GetSingle() : throw file.Wrong(name, "a list of numbers", element))]
            : throw new ModelFormatException(file.Path, $"the key '{name}' is missing.");
    }
}
