using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Emoji;

/// <summary>
/// The embedded text-to-emoji model: 128x128 pictures of emojis from an English prompt such as <c>"a red apple on a teal background"</c>.
/// </summary>
public static class EmojiPipeline
{
    private const string FolderName = "emoji-model";

    /// <summary>What works well with this model, and is its own where options say nothing; also for pipelines of some of its parts.</summary>
    public static GenerationDefaults Defaults { get; } = new() { Width = 128, Height = 128, Steps = 20, GuidanceScale = 1 };

    /// <summary>The model folder, which lies beside the app.</summary>
    public static string ModelFolder => Path.Combine(AppContext.BaseDirectory, FolderName);

    /// <summary>Loads the model.</summary>
    /// <param name="options">How to execute it; on the processor when null.</param>
    /// <returns>The pipeline; dispose it to release the model.</returns>
    /// <exception cref="ModelFormatException">The model folder is not beside the app, as after a deployment that left it behind.</exception>
    /// <exception cref="DllNotFoundException">The app has no native ONNX Runtime; the message says which package to add.</exception>
    public static DiffusionPipeline Load(OnnxPipelineOptions? options = null) => OnnxDiffusionPipeline.Load(ModelFolder, options);

    /// <summary>Loads the model on other threads.</summary>
    /// <param name="options">How to execute it; on the processor when null.</param>
    /// <param name="progress">Told of each part that is loaded; may be null.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    /// <returns>The pipeline; dispose it to release the model.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <inheritdoc cref="Load"/>
    public static Task<DiffusionPipeline> LoadAsync(OnnxPipelineOptions? options = null, IProgress<LoadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        OnnxDiffusionPipeline.LoadAsync(ModelFolder, options, progress, cancellationToken);
}
