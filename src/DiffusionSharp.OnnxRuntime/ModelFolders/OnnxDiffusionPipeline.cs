using DiffusionSharp.OnnxRuntime.ModelFolders;
using DiffusionSharp.Schedulers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>Loads model folders as diffusers and optimum export them to ONNX, of either dialect.</summary>
public static class OnnxDiffusionPipeline
{
    /// <summary>
    /// Loads a folder with a <c>model_index.json</c>: what belongs to its kind of pipeline, for Stable Diffusion tokenizer, text encoder, UNet,
    /// autoencoder and scheduler; the models in parallel, unless they do not stay in memory.
    /// </summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="options">How to load it; the defaults when null.</param>
    /// <returns>The pipeline; dispose it to release the models.</returns>
    /// <exception cref="ModelFormatException">The folder is missing or incomplete, is of a pipeline or has a component that is not known, or one of its files is damaged or contradicts another.</exception>
    /// <exception cref="DllNotFoundException">The app has no native ONNX Runtime; the message says which package to add.</exception>
    /// <exception cref="NotSupportedException">The execution provider is not available; the message says what is missing: its package, a library of its vendor, or a device.</exception>
    /// <exception cref="InsufficientMemoryException">A model does not fit into memory.</exception>
    /// <exception cref="ArgumentException">Batching is asked for, but the network was exported for one batch size.</exception>
    public static DiffusionPipeline Load(string folder, OnnxPipelineOptions? options = null) => Load(folder, options ?? new OnnxPipelineOptions(), null, CancellationToken.None);

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
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return Task.Factory.StartNew(
            () => Load(folder, options ?? new OnnxPipelineOptions(), progress, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default);
    }

    private static DiffusionPipeline Load(string folder, OnnxPipelineOptions options, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        cancellationToken.ThrowIfCancellationRequested();
        ILogger logger = options.LoggerFactory?.CreateLogger(typeof(OnnxDiffusionPipeline).FullName!) ?? NullLogger.Instance;
        var index = FolderIndex.Load(folder, options.LeftOut);
        ModelFamily family = ModelFamilies.Of(index);
        index.Check(family, logger);
        var reader = new FolderReader(index, options, logger);
        IScheduler scheduler = reader.Scheduler();
        Action<DiffusionPipelineBuilder> use = family.Read(reader);
        new FolderLoad(reader.Models, progress).Run(options.Onnx.Lifetime == SessionLifetime.UnloadAfterUse, cancellationToken);
        try
        {
            DiffusionPipelineBuilder builder = DiffusionPipeline.CreateBuilder().UseScheduler(scheduler).UseGuidanceBatching(options.GuidanceBatching);
            use(builder);
            return (options.CreateNoise is { } createNoise ? builder.UseNoise(createNoise) : builder).Build();
        }
        catch
        {
            foreach (Loading model in reader.Models)
            {
                model.Dispose();
            }

            throw;
        }
    }
}
