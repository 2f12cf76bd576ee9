using DiffusionSharp.Schedulers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>Makes a pipeline, or several in sequence, of a folder, wherever its models come from.</summary>
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
    public static DiffusionPipeline Load(string folder, OnnxPipelineOptions options, Func<FolderIndex, IFolderModels> models, IProgress<LoadProgress>? progress, CancellationToken cancellationToken) =>
        Load(folder, options, models, ModelFamilies.Of, Read, progress, cancellationToken);

    /// <summary>Loads a folder of several pipelines in sequence.</summary>
    public static OnnxCascade LoadCascade(string folder, OnnxPipelineOptions options, Func<FolderIndex, IFolderModels> models) =>
        Load(folder, options, models, ModelFamilies.CascadeOf, static (family, reader) => family.Read(reader), null, CancellationToken.None);

    // What is read before the models are says what is made of them; either all of it is there in the end, or nothing.
    private static T Load<TKind, T>(string folder, OnnxPipelineOptions options, Func<FolderIndex, IFolderModels> models, Func<FolderIndex, TKind> kindOf, Func<TKind, FolderReader, Func<T>> read, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
        where TKind : FolderKind
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        cancellationToken.ThrowIfCancellationRequested();
        ILogger logger = options.LoggerFactory?.CreateLogger(typeof(OnnxDiffusionPipeline).FullName!) ?? NullLogger.Instance;
        var index = FolderIndex.Load(folder, options.LeftOut);
        TKind kind = kindOf(index);
        index.Check(kind);
        var reader = new FolderReader(index, models(index), options, logger);
        Func<T> make = read(kind, reader);
        reader.LogUnused(kind);
        new FolderLoad(reader.Models, progress).Run(options.Onnx.Lifetime == SessionLifetime.UnloadAfterUse, cancellationToken);
        try
        {
            return make();
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

    private static Func<DiffusionPipeline> Read(ModelFamily family, FolderReader reader)
    {
        IScheduler scheduler = reader.Scheduler();
        Action<DiffusionPipelineBuilder> use = family.Read(reader);
        return () =>
        {
            DiffusionPipelineBuilder builder = reader.NewBuilder().UseScheduler(scheduler);
            use(builder);
            return builder.Build();
        };
    }
}
