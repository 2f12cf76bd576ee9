namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>A kind of model folder: by which classes of pipelines it goes, and which components of it are read.</summary>
internal abstract class FolderKind
{
    /// <summary>The classes of diffusers' pipelines, <c>_class_name</c> of a folder's index. Exporters put a prefix before them, which is none here.</summary>
    public abstract IReadOnlyList<string> Classes { get; }

    /// <summary>The components that are read, as the index calls them; any other is refused, unless it is dispensable.</summary>
    public abstract IReadOnlyList<string> Components { get; }

    /// <summary>Components without which a picture is the same.</summary>
    public virtual IReadOnlyList<string> Dispensable { get; } = ["safety_checker", "feature_extractor", "image_encoder", "watermarker"];
}
