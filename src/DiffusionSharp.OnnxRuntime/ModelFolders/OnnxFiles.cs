using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>Models that lie in the folder as ONNX files.</summary>
/// <param name="index">The folder's index.</param>
/// <param name="variant">Which of several files; null for <c>model.onnx</c>.</param>
internal sealed class OnnxFiles(FolderIndex index, string? variant) : IFolderModels
{
    public bool Has(string component) => index.HasFolder(component);

    public ModelSource Open(string component, string named) => index.ClassOf(named) is null
        ? throw new ModelFormatException(index.Path, $"names no '{named}'.")
        : ModelSource.File(ModelFile.Find(index.PathOf(component), named, variant));
}
