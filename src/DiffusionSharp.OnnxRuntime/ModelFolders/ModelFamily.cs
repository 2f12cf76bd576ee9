namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>
/// A kind of model: by which classes of pipelines its folders go, which components of them are read, and how these make a pipeline. One class for
/// each kind, which <see cref="ModelFamilies"/> lists; what several have in common is <see cref="FolderReader"/>'s.
/// </summary>
internal abstract class ModelFamily
{
    /// <summary>The classes of diffusers' pipelines, <c>_class_name</c> of a folder's index. Exporters put a prefix before them, which is none here.</summary>
    public abstract IReadOnlyList<string> Classes { get; }

    /// <summary>The components that are read, as the index calls them; any other is refused, unless it is dispensable.</summary>
    public abstract IReadOnlyList<string> Components { get; }

    /// <summary>Components without which a picture is the same.</summary>
    public virtual IReadOnlyList<string> Dispensable { get; } = ["safety_checker", "feature_extractor", "image_encoder", "watermarker"];

    /// <summary>Reads the configurations of a folder and asks for the models that are to be loaded. Cheap: nothing is loaded yet.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>What gives the parts to a builder when all models are loaded.</returns>
    /// <exception cref="ModelFormatException">The folder is incomplete, or its files contradict each other.</exception>
    public abstract Action<DiffusionPipelineBuilder> Read(FolderReader folder);
}
