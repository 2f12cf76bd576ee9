using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.ModelFolders;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>Loads what is several networks in sequence: a model folder of such a system, or several folders of which each enlarges the pictures of the one before.</summary>
public static class OnnxCascade
{
    /// <summary>
    /// Loads a folder whose <c>model_index.json</c> is of a system of several networks: unCLIP, Stable unCLIP. A request's steps, guidance scale and scheduler are
    /// those of the stage that draws, and its size that of the last; of the others <see cref="UnclipSettings"/> and <see cref="UpscalerSettings"/> say them.
    /// </summary>
    /// <returns>The cascade; dispose it to release the models.</returns>
    /// <inheritdoc cref="OnnxDiffusionPipeline.Load(string, OnnxPipelineOptions?)"/>
    public static Cascade Load(string folder, OnnxPipelineOptions? options = null) => Load([folder], options);

    /// <summary>Loads a folder on other threads.</summary>
    /// <returns>The cascade; dispose it to release the models.</returns>
    /// <inheritdoc cref="OnnxDiffusionPipeline.LoadAsync(string, OnnxPipelineOptions?, IProgress{LoadProgress}?, CancellationToken)"/>
    public static Task<Cascade> LoadAsync(string folder, OnnxPipelineOptions? options = null, IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        LoadAsync([folder], options, progress, cancellationToken);

    /// <summary>
    /// Loads folders of one pipeline each: the first draws, and each of the others enlarges what comes before it, as DeepFloyd's second stage and upscalers do.
    /// A request's steps, guidance scale and scheduler are those of the first, and its size is the last one's; of the others <see cref="UpscalerSettings"/>
    /// says how they go.
    /// </summary>
    /// <param name="folders">The model folders, in order. One alone is of a system of several networks.</param>
    /// <param name="options">How to load them; the defaults when null. Scheduler, latent space, ControlNets, words and defaults are for the first.</param>
    /// <returns>The cascade; dispose it to release the models.</returns>
    /// <exception cref="ModelFormatException">A folder is missing or incomplete, is of a pipeline or has a component that is not known, does not enlarge pictures though another comes before it, or one of its files is damaged or contradicts another.</exception>
    /// <inheritdoc cref="OnnxDiffusionPipeline.Load(string, OnnxPipelineOptions?)"/>
    public static Cascade Load(IReadOnlyList<string> folders, OnnxPipelineOptions? options = null)
    {
        options ??= new OnnxPipelineOptions();
        return FolderPipeline.LoadCascade(folders, options, Models(options), null, CancellationToken.None);
    }

    /// <summary>Loads folders of one pipeline each on other threads: the models of all of them in parallel, unless they do not stay in memory.</summary>
    /// <param name="folders">The model folders, in order. One alone is of a system of several networks.</param>
    /// <param name="options">How to load them; the defaults when null. Scheduler, latent space, ControlNets, words and defaults are for the first.</param>
    /// <param name="progress">Told of each part of each folder that is loaded; may be null.</param>
    /// <param name="cancellationToken">As of <see cref="OnnxDiffusionPipeline.LoadAsync"/>: what was loaded is released before the task ends.</param>
    /// <returns>The cascade; dispose it to release the models.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <inheritdoc cref="Load(IReadOnlyList{string}, OnnxPipelineOptions?)"/>
    public static Task<Cascade> LoadAsync(IReadOnlyList<string> folders, OnnxPipelineOptions? options = null, IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new OnnxPipelineOptions();
        return FolderPipeline.LoadCascadeAsync(folders, options, Models(options), progress, cancellationToken);
    }

    /// <summary>Whether a folder is of a system of several networks, which is loaded here and not by <see cref="OnnxDiffusionPipeline"/>.</summary>
    /// <param name="folder">The model folder.</param>
    /// <returns>Whether it is; false also of what is no model folder, or of a class that is not known.</returns>
    public static bool IsCascade(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        try
        {
            return ModelFamilies.KindOf(FolderIndex.Load(folder, [])) is CascadeFamily;
        }
        catch (ModelFormatException)
        {
            return false;
        }
    }

    private static Func<FolderIndex, IFolderModels> Models(OnnxPipelineOptions options) => index => new OnnxFiles(index, options.Variant);
}
