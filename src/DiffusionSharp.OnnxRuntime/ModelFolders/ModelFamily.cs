namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>
/// A kind of model whose components make one pipeline. One class for each kind, which <see cref="ModelFamilies"/> lists; what several have in common
/// is <see cref="FolderReader"/>'s.
/// </summary>
internal abstract class ModelFamily : FolderKind
{
    /// <summary>Whether a folder's network is shown a small picture, <see cref="Conditions.LowResolution"/>, which it enlarges. False for most.</summary>
    public virtual bool EnlargesPictures(FolderIndex index) => false;

    /// <summary>Reads the configurations of a folder and asks for the models that are to be loaded. Cheap: nothing is loaded yet.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>What gives the parts to a builder when all models are loaded.</returns>
    /// <exception cref="ModelFormatException">The folder is incomplete, or its files contradict each other.</exception>
    public abstract Action<DiffusionPipelineBuilder> Read(FolderReader folder);
}
