namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>A kind of model whose folder has several networks in sequence, each a pipeline of its own.</summary>
internal abstract class CascadeFamily : FolderKind
{
    /// <summary>Reads the configurations of a folder and asks for the models that are to be loaded. Cheap: nothing is loaded yet.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>What makes the cascade when all models are loaded, which owns its pipelines.</returns>
    /// <exception cref="ModelFormatException">The folder is incomplete, or its files contradict each other.</exception>
    public abstract Func<Cascade> Read(FolderReader folder);
}
