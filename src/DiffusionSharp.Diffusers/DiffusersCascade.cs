using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.OnnxRuntime.ModelFolders;

namespace DiffusionSharp.Diffusers;

/// <summary>
/// Loads what is several networks in sequence from safetensors: a model folder of such a system, or several folders of which each enlarges the pictures of the one before.
/// </summary>
public static class DiffusersCascade
{
    /// <summary>
    /// Loads a folder whose <c>model_index.json</c> is of a system of several networks: unCLIP, Stable unCLIP. The same cascade comes of it as of the folder's export to ONNX
    /// (<see cref="OnnxCascade"/>). Of the stages beside the one that draws <see cref="UnclipSettings"/> and <see cref="UpscalerSettings"/> say how they go.
    /// </summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="options">How to load it; the defaults when null.</param>
    /// <returns>The cascade; dispose it to release the models.</returns>
    /// <inheritdoc cref="DiffusersPipeline.Load(string, DiffusersPipelineOptions?)"/>
    public static Cascade Load(string folder, DiffusersPipelineOptions? options = null) => Load([folder], options);

    /// <summary>Loads a folder on other threads.</summary>
    /// <returns>The cascade; dispose it to release the models.</returns>
    /// <inheritdoc cref="DiffusersPipeline.LoadAsync(string, DiffusersPipelineOptions?, IProgress{LoadProgress}?, CancellationToken)"/>
    public static Task<Cascade> LoadAsync(string folder, DiffusersPipelineOptions? options = null, IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        LoadAsync([folder], options, progress, cancellationToken);

    /// <summary>
    /// Loads folders of one pipeline each: the first draws, and each of the others enlarges what comes before it, as DeepFloyd's second stage does.
    /// A request's steps, guidance scale and scheduler are those of the first, and its size is the last one's; of the others <see cref="UpscalerSettings"/>
    /// says how they go.
    /// </summary>
    /// <param name="folders">The model folders, in order. One alone is of a system of several networks.</param>
    /// <param name="options">How to load them; the defaults when null. Scheduler, latent space, ControlNets, words, LoRAs, single file and defaults are for the first.</param>
    /// <returns>The cascade; dispose it to release the models.</returns>
    /// <inheritdoc cref="DiffusersPipeline.Load(string, DiffusersPipelineOptions?)"/>
    public static Cascade Load(IReadOnlyList<string> folders, DiffusersPipelineOptions? options = null)
    {
        options = DiffusersPipelineOptions.Checked(options);
        return FolderPipeline.LoadCascade(folders, options, Models(folders, options), null, CancellationToken.None);
    }

    /// <summary>Loads folders of one pipeline each on other threads.</summary>
    /// <param name="folders">The model folders, in order. One alone is of a system of several networks.</param>
    /// <param name="options">How to load them; the defaults when null. Scheduler, latent space, ControlNets, words, LoRAs, single file and defaults are for the first.</param>
    /// <param name="progress">Told of each part of each folder that is loaded, and of each weight that is transformed for <see cref="DiffusersPipelineOptions.Fast"/>; may be null.</param>
    /// <param name="cancellationToken">As of <see cref="DiffusersPipeline.LoadAsync"/>: what was loaded is released before the task ends.</param>
    /// <returns>The cascade; dispose it to release the models.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <inheritdoc cref="Load(IReadOnlyList{string}, DiffusersPipelineOptions?)"/>
    public static Task<Cascade> LoadAsync(IReadOnlyList<string> folders, DiffusersPipelineOptions? options = null, IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options = DiffusersPipelineOptions.Checked(options);
        return FolderPipeline.LoadCascadeAsync(folders, options, Models(folders, options), progress, cancellationToken);
    }

    // What changes weights was made for those of the first.
    private static Func<FolderIndex, IFolderModels> Models(IReadOnlyList<string> folders, DiffusersPipelineOptions options)
    {
        DiffusersPipelineOptions ofOthers = options with { Loras = [], SingleFile = null };
        return index => new DiffusersModels(index, index.PathOf() == folders[0] ? options : ofOthers);
    }
}
