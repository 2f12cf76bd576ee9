using DiffusionSharp.OnnxRuntime.ModelFolders;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>Loads model folders as diffusers and optimum export them to ONNX, of either dialect.</summary>
public static class OnnxDiffusionPipeline
{
    /// <summary>
    /// Loads a folder with a <c>model_index.json</c>: what belongs to its kind of pipeline, for Stable Diffusion tokenizer, text encoder, UNet,
    /// autoencoder and scheduler; the models in parallel, unless they do not stay in memory, and the encoder of pictures when it is first needed.
    /// </summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="options">How to load it; the defaults when null.</param>
    /// <returns>The pipeline; dispose it to release the models.</returns>
    /// <exception cref="ModelFormatException">The folder is missing or incomplete, is of a pipeline or has a component that is not known, or one of its files is damaged or contradicts another.</exception>
    /// <exception cref="DllNotFoundException">The app has no native ONNX Runtime; the message says which package to add.</exception>
    /// <exception cref="NotSupportedException">The execution provider is not available; the message says what is missing: its package, a library of its vendor, or a device.</exception>
    /// <exception cref="InsufficientMemoryException">A model does not fit into memory.</exception>
    /// <exception cref="ArgumentException">Batching is asked for, but the network was exported for one batch size.</exception>
    public static DiffusionPipeline Load(string folder, OnnxPipelineOptions? options = null)
    {
        options ??= new OnnxPipelineOptions();
        return FolderPipeline.Load(folder, options, index => new OnnxFiles(index, options.Variant), null, CancellationToken.None);
    }

    /// <summary>Loads a folder on other threads.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="options">How to load it; the defaults when null.</param>
    /// <param name="progress">Told of each part that is loaded; may be null.</param>
    /// <param name="cancellationToken">
    /// Stops the loading between parts and, where ONNX Runtime looks, inside of one; not inside where <see cref="OnnxOptions.CreateSessionOptions"/> is
    /// set. What was loaded is released before the task ends.
    /// </param>
    /// <returns>The pipeline; dispose it to release the models.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <inheritdoc cref="Load(string, OnnxPipelineOptions?)"/>
    public static Task<DiffusionPipeline> LoadAsync(string folder, OnnxPipelineOptions? options = null, IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        options ??= new OnnxPipelineOptions();
        return FolderPipeline.LoadAsync(folder, options, index => new OnnxFiles(index, options.Variant), progress, cancellationToken);
    }
}
