namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>The kinds of model folders that are known.</summary>
internal static class ModelFamilies
{
    private static readonly ModelFamily[] All =
    [
        new StableDiffusionFamily(),
        new UnconditionalFamily(),
        new LatentConsistencyFamily(),
        new StableDiffusionXLFamily(),
        new StableDiffusion3Family(),
        new FluxFamily(),
        new PixArtFamily(),
        new DiTFamily(),
        new UpscalerFamily(),
        new LatentUpscalerFamily(),
        new DeepFloydFamily(),
        new LatentDiffusionFamily(),
        new LatentSuperResolutionFamily(),
        new KandinskyPriorFamily(),
        new KandinskyDecoderFamily(),
    ];

    private static readonly CascadeFamily[] Cascades =
    [
        new UnclipFamily(),
        new StableUnclipFamily(),
    ];

    private static readonly string[] ExporterPrefixes = ["ORT", "Onnx"];

    /// <summary>The family of a folder that makes one pipeline.</summary>
    /// <exception cref="ModelFormatException">Its class is missing, unknown, or of several pipelines in sequence; the message names those that are known.</exception>
    public static ModelFamily Of(FolderIndex index) => Find(index, All)
        ?? throw (Find(index, Cascades) is null ? Unknown(index) : new ModelFormatException(index.Path, $"a {index.PipelineClass} has several networks in sequence: load it with {nameof(OnnxCascade)}.{nameof(OnnxCascade.Load)}, or with DiffusersCascade.Load where its weights are safetensors."));

    /// <summary>The family of a folder that makes several pipelines in sequence.</summary>
    /// <exception cref="ModelFormatException">Its class is missing, unknown, or of one pipeline; the message names those that are known.</exception>
    public static CascadeFamily CascadeOf(FolderIndex index) => Find(index, Cascades)
        ?? throw (Find(index, All) is null ? Unknown(index) : new ModelFormatException(index.Path, $"a {index.PipelineClass} is one pipeline: load it with {nameof(OnnxDiffusionPipeline)}.{nameof(OnnxDiffusionPipeline.Load)}, or with DiffusersPipeline.Load where its weights are safetensors."));

    /// <summary>The family of a folder that enlarges the pictures of another.</summary>
    /// <exception cref="ModelFormatException">Its class is missing or unknown, of several pipelines in sequence, or of one that enlarges nothing.</exception>
    public static ModelFamily UpscalerOf(FolderIndex index) => Of(index) is var family && family.EnlargesPictures(index)
        ? family
        : throw new ModelFormatException(index.Path, $"a {index.PipelineClass} does not enlarge the pictures of the folder before it: where its requests follow from them otherwise, put the pipelines in sequence with {nameof(Cascade)}.{nameof(Cascade.Start)}.");

    /// <summary>The kind of a folder, whether it makes one pipeline or several.</summary>
    /// <exception cref="ModelFormatException">Its class is missing or unknown; the message names those that are known.</exception>
    public static FolderKind KindOf(FolderIndex index) => Find<FolderKind>(index, [.. All, .. Cascades]) ?? throw Unknown(index);

    private static string Known => string.Join(", ", All.Concat<FolderKind>(Cascades).SelectMany(kind => kind.Classes));

    private static T? Find<T>(FolderIndex index, T[] kinds)
        where T : FolderKind
    {
        string className = index.PipelineClass ?? throw new ModelFormatException(index.Path, $"the key '_class_name' is missing, so the kind of model is unknown; known are {Known}.");
        string name = ExporterPrefixes.Where(prefix => className.StartsWith(prefix, StringComparison.Ordinal)).Select(prefix => className[prefix.Length..]).FirstOrDefault(className);
        return Array.Find(kinds, kind => kind.Classes.Contains(name));
    }

    private static ModelFormatException Unknown(FolderIndex index) => new(index.Path, $"'_class_name' is '{index.PipelineClass}', which this loader does not know; known are {Known}.");
}
