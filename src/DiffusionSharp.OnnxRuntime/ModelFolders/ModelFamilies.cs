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
        new LatentSuperResolutionFamily(),
    ];

    private static readonly string[] ExporterPrefixes = ["ORT", "Onnx"];

    /// <summary>The family of a folder.</summary>
    /// <exception cref="ModelFormatException">Its class is missing or unknown; the message names those that are known.</exception>
    public static ModelFamily Of(FolderIndex index)
    {
        string className = index.PipelineClass ?? throw new ModelFormatException(index.Path, $"the key '_class_name' is missing, so the kind of model is unknown; known are {Known}.");
        string name = ExporterPrefixes.Where(prefix => className.StartsWith(prefix, StringComparison.Ordinal)).Select(prefix => className[prefix.Length..]).FirstOrDefault(className);
        return Array.Find(All, family => family.Classes.Contains(name)) ?? throw new ModelFormatException(index.Path, $"'_class_name' is '{className}', which this loader does not know; known are {Known}.");
    }

    private static string Known => string.Join(", ", All.SelectMany(family => family.Classes));
}
