using DiffusionSharp.Schedulers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>Makes a pipeline, or several in sequence, of folders, wherever their models come from.</summary>
internal static class FolderPipeline
{
    /// <summary>Loads a folder on another thread.</summary>
    public static Task<DiffusionPipeline> LoadAsync(string folder, OnnxPipelineOptions options, Func<FolderIndex, IFolderModels> models, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return OnThread(() => Load(folder, options, models, progress, cancellationToken), cancellationToken);
    }

    /// <summary>Loads folders in sequence on another thread.</summary>
    public static Task<Cascade> LoadCascadeAsync(IReadOnlyList<string> folders, OnnxPipelineOptions options, Func<FolderIndex, IFolderModels> models, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        string[] named = Named(folders);
        return OnThread(() => LoadCascade(named, options, models, progress, cancellationToken), cancellationToken);
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
        return Load(Read(folder, options, models, ModelFamilies.Of), options, progress, cancellationToken);
    }

    /// <summary>Loads one folder of several pipelines in sequence, or several folders of one pipeline each.</summary>
    public static Cascade LoadCascade(IReadOnlyList<string> folders, OnnxPipelineOptions options, Func<FolderIndex, IFolderModels> models, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        folders = Named(folders);
        cancellationToken.ThrowIfCancellationRequested();
        if (folders is [var folder])
        {
            return Load(Read(folder, options, models, ModelFamilies.CascadeOf, static (family, reader) => family.Read(reader)), options, progress, cancellationToken);
        }

        OnnxPipelineOptions ofOthers = options with { Scheduler = null, LatentSpace = null, ControlNets = [], TextualInversions = [], Defaults = null };
        FolderPlan<DiffusionPipeline>[] plans = [.. folders.Select((next, i) => i == 0 ? Read(next, options, models, ModelFamilies.Of) : Read(next, ofOthers, models, ModelFamilies.UpscalerOf))];
        var whole = new FolderPlan<Cascade>([.. plans.SelectMany(plan => plan.Models)], () => FolderCascade.Of([.. plans.Select(plan => plan.Make())]));
        return Load(whole, options, progress, cancellationToken);
    }

    // A thread that nobody else waits for.
    private static Task<T> OnThread<T>(Func<T> load, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(load, cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    private static string[] Named(IReadOnlyList<string> folders)
    {
        ArgumentNullException.ThrowIfNull(folders);
        foreach (string folder in folders)
        {
            ArgumentException.ThrowIfNullOrEmpty(folder, nameof(folders));
        }

        return folders.Count > 0 ? [.. folders] : throw new ArgumentException("There is no folder to load.", nameof(folders));
    }

    private static FolderPlan<DiffusionPipeline> Read(string folder, OnnxPipelineOptions options, Func<FolderIndex, IFolderModels> models, Func<FolderIndex, ModelFamily> familyOf) =>
        Read<ModelFamily, DiffusionPipeline>(folder, options, models, familyOf, Read);

    private static FolderPlan<T> Read<TKind, T>(string folder, OnnxPipelineOptions options, Func<FolderIndex, IFolderModels> models, Func<FolderIndex, TKind> kindOf, Func<TKind, FolderReader, Func<T>> read)
        where TKind : FolderKind
    {
        ILogger logger = options.LoggerFactory?.CreateLogger(typeof(OnnxDiffusionPipeline).FullName!) ?? NullLogger.Instance;
        var index = FolderIndex.Load(folder, options.LeftOut);
        TKind kind = kindOf(index);
        index.Check(kind);
        var reader = new FolderReader(index, models(index), options, logger);
        Func<T> make = read(kind, reader);
        reader.LogUnused(kind);
        return new FolderPlan<T>(reader.Models, make);
    }

    // Either all of it is there in the end, or nothing.
    private static T Load<T>(FolderPlan<T> plan, OnnxPipelineOptions options, IProgress<LoadProgress>? progress, CancellationToken cancellationToken)
    {
        new FolderLoad(plan.Models, progress).Run(options.Onnx.Lifetime == SessionLifetime.UnloadAfterUse, cancellationToken);
        try
        {
            return plan.Make();
        }
        catch
        {
            foreach (Loading model in plan.Models)
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
