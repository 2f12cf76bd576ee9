using DiffusionSharp.Schedulers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>Makes a pipeline of a folder, wherever its models come from.</summary>
internal static class FolderPipeline
{
    /// <summary>Loads a folder on another thread.</summary>
    public static Task<DiffusionPipeline> LoadAsync(string folder, OnnxPipelineOptions options, Func<FolderIndex, IFolderModels> models, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return Task.Factory.StartNew(
            () => Load(folder, options, models, progress, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default);
    }

    /// <summary>Loads a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">How to load it.</param>
    /// <param name="models">Where the models come from that its index names.</param>
    /// <param name="progress">Told of each part that is loaded; may be null.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    public static DiffusionPipeline Load(string folder, OnnxPipelineOptions options, Func<FolderIndex, IFolderModels> models, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        cancellationToken.ThrowIfCancellationRequested();
        ILogger logger = options.LoggerFactory?.CreateLogger(typeof(OnnxDiffusionPipeline).FullName!) ?? NullLogger.Instance;
        var index = FolderIndex.Load(folder, options.LeftOut);
        ModelFamily family = ModelFamilies.Of(index);
        index.Check(family, logger);
        var reader = new FolderReader(index, models(index), options, logger);
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
