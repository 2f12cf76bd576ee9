using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.OnnxRuntime.ModelFolders;

namespace DiffusionSharp.Diffusers;

/// <summary>
/// Loads model folders as diffusers publishes them, with safetensors: the graphs of their networks are written here, over the weights where they lie. Those of several networks in
/// sequence are a <see cref="DiffusersCascade"/>.
/// </summary>
public static class DiffusersPipeline
{
    /// <summary>
    /// Loads a folder with a <c>model_index.json</c>. The same pipeline comes of it as of the folder's export to ONNX
    /// (<see cref="OnnxDiffusionPipeline"/>).
    /// </summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="options">How to load it; the defaults when null.</param>
    /// <returns>The pipeline; dispose it to release the models.</returns>
    /// <exception cref="ModelFormatException">
    /// The folder is missing or incomplete, is of a pipeline or has a component that is not known, asks in a <c>config.json</c> for something that is not
    /// supported, has its weights only as pickles, or one of its files is damaged or contradicts another; or a LoRA was made for another model.
    /// </exception>
    /// <exception cref="ArgumentException"><see cref="DiffusersPipelineOptions.Fast"/> is asked for on another provider than the processor.</exception>
    /// <exception cref="DllNotFoundException">The app has no native ONNX Runtime; the message says which package to add.</exception>
    /// <exception cref="NotSupportedException">The execution provider is not available; the message says what is missing: its package, a library of its vendor, or a device.</exception>
    /// <exception cref="InsufficientMemoryException">A model does not fit into memory.</exception>
    public static DiffusionPipeline Load(string folder, DiffusersPipelineOptions? options = null)
    {
        options = DiffusersPipelineOptions.Checked(options);
        return FolderPipeline.Load(folder, options, index => new DiffusersModels(index, options), null, CancellationToken.None);
    }

    /// <summary>Loads a folder on other threads.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="options">How to load it; the defaults when null.</param>
    /// <param name="progress">Told of each part that is loaded, and of each weight that is transformed for <see cref="DiffusersPipelineOptions.Fast"/>; may be null.</param>
    /// <param name="cancellationToken">Stops the loading between parts and, where ONNX Runtime looks, inside of one, and the transform of weights. What was loaded is released before the task ends.</param>
    /// <returns>The pipeline; dispose it to release the models.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <inheritdoc cref="Load(string, DiffusersPipelineOptions?)"/>
    public static Task<DiffusionPipeline> LoadAsync(string folder, DiffusersPipelineOptions? options = null, IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options = DiffusersPipelineOptions.Checked(options);
        return FolderPipeline.LoadAsync(folder, options, index => new DiffusersModels(index, options), progress, cancellationToken);
    }
}
