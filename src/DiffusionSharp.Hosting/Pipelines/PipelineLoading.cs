using DiffusionSharp.Conditions;
using DiffusionSharp.Diffusers;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;
using DiffusionSharp.Text;
using Microsoft.Extensions.Logging;

namespace DiffusionSharp.Hosting.Pipelines;

/// <summary>Makes the pipeline, or the cascade, that options describe.</summary>
internal static class PipelineLoading
{
    /// <summary>Loads the model, puts scheduler and defaults in place, and takes a step where it shall be warm.</summary>
    /// <param name="options">What to load.</param>
    /// <param name="locate">Where a path of the options is.</param>
    /// <param name="concurrency">How many generations run at a time.</param>
    /// <param name="loggers">Told of what the model folder says and is not used.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    public static async Task<IDiffusionPipeline> LoadAsync(DiffusionPipelineOptions options, Func<string, string> locate, int concurrency, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var change = new PipelineChange(options, concurrency);
        DiffusersPipelineOptions how = Translate(options, locate, loggers);
        string? folder = options.Folder is { } path ? locate(path) : null;
        IDiffusionPipeline pipeline = options.LoadCascade is not null || options.Then.Count > 0 || (folder is not null && OnnxCascade.IsCascade(folder))
            ? await change.OfAsync(await LoadCascadeAsync(options, how, folder, locate, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false)
            : await change.OfAsync(await LoadPipelineAsync(options, how, folder, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        try
        {
            if (options.WarmUp)
            {
                await WarmUpAsync(pipeline, loggers.CreateLogger(typeof(IDiffusionPipelineProvider).FullName!), cancellationToken).ConfigureAwait(false);
            }

            return pipeline;
        }
        catch
        {
            (pipeline as IDisposable)?.Dispose();
            throw;
        }
    }

    /// <summary>The syntax of a name; null where prompts are plain text.</summary>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public static IPromptSyntax? Syntax(string? name) => name?.ToLowerInvariant() switch
    {
        null => null,
        "a1111" => PromptSyntax.A1111,
        "lpw" => PromptSyntax.Lpw,
        "compel" => PromptSyntax.Compel,
        _ => throw new ArgumentException($"{nameof(DiffusionPipelineOptions.PromptSyntax)} is '{name}', but must be A1111, Lpw or Compel."),
    };

    private static Task<Cascade> LoadCascadeAsync(DiffusionPipelineOptions options, DiffusersPipelineOptions how, string? folder, Func<string, string> locate, CancellationToken cancellationToken)
    {
        if (folder is null)
        {
            return options.LoadCascade!(how, null, cancellationToken);
        }

        string[] folders = [folder, .. options.Then.Select(locate)];
        ILookup<ModelFormat, string> formats = folders.ToLookup(one => options.Format ?? FormatOf(one));
        if (formats.Count > 1)
        {
            throw new NotSupportedException($"'{formats[ModelFormat.Safetensors].First()}' is a folder of safetensors, but '{formats[ModelFormat.Onnx].First()}' is one of ONNX: a cascade is loaded from folders of one kind.");
        }

        if (formats.Contains(ModelFormat.Safetensors))
        {
            return DiffusersCascade.LoadAsync(folders, how, null, cancellationToken);
        }

        RequireForOnnx(how, folder);
        return OnnxCascade.LoadAsync(folders, how, null, cancellationToken);
    }

    private static Task<DiffusionPipeline> LoadPipelineAsync(DiffusionPipelineOptions options, DiffusersPipelineOptions how, string? folder, CancellationToken cancellationToken)
    {
        if (folder is null)
        {
            return options.Load!(how, null, cancellationToken);
        }

        if ((options.Format ?? FormatOf(folder)) == ModelFormat.Safetensors)
        {
            return DiffusersPipeline.LoadAsync(folder, how, null, cancellationToken);
        }

        RequireForOnnx(how, folder);
        return OnnxDiffusionPipeline.LoadAsync(folder, how, null, cancellationToken);
    }

    private static void RequireForOnnx(DiffusersPipelineOptions how, string folder)
    {
        string? only = how.Loras.Count > 0 ? nameof(how.Loras)
            : how.SingleFile is not null ? nameof(how.SingleFile)
            : how.MapsWeights ? nameof(how.MapsWeights)
            : how.Fast is not null ? nameof(how.Fast)
            : null;
        if (only is not null)
        {
            throw new NotSupportedException($"{only} is for folders of safetensors, but '{folder}' is one of ONNX: leave it away, or load the folder that it was exported from.");
        }
    }

    // Those of diffusers are those of ONNX folders, and some more.
    private static DiffusersPipelineOptions Translate(DiffusionPipelineOptions options, Func<string, string> locate, ILoggerFactory loggers) => new()
    {
        Onnx = new OnnxOptions
        {
            Provider = options.Provider,
            DeviceId = options.DeviceId,
            FallBackToCpu = options.FallBackToCpu,
            Threads = options.Threads,
            Spinning = options.Spinning,
            Lifetime = options.Lifetime,
            LoggerFactory = loggers,
        },
        Variant = options.Variant,
        GuidanceBatching = options.GuidanceBatching,
        Batching = options.BatchRows == 0 ? null : new BatchingOptions { MaxRows = options.BatchRows },
        CachedPrompts = options.CachedPrompts,
        PromptSyntax = Syntax(options.PromptSyntax),
        Loras = [.. options.Loras.Select(lora => lora with { Path = locate(lora.Path) })],
        SingleFile = options.SingleFile is { } file ? locate(file) : null,
        MapsWeights = options.MapsWeights,
        Fast = options.Fast ? new FastSizes { CacheFolder = options.FastCacheFolder is { } cache ? locate(cache) : null } : null,
        LoggerFactory = loggers,
    };

    // A folder that is not there is left to the loader, which says so.
    private static ModelFormat FormatOf(string folder)
    {
        string[] parts = Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];
        return Has("*.safetensors") && !Has("*.onnx") ? ModelFormat.Safetensors : ModelFormat.Onnx;

        bool Has(string pattern) => parts.Any(part => Directory.EnumerateFiles(part, pattern).Any());
    }

    // Some models want a picture or a class, which nobody has yet: their first generation is the one that warms them.
    private static async Task WarmUpAsync(IDiffusionPipeline pipeline, ILogger logger, CancellationToken cancellationToken)
    {
        GenerationRequest request = pipeline.TextEncoders.Count > 0 ? new TextToImageRequest("a picture") : new GenerationRequest();
        try
        {
            await pipeline.GenerateAsync(
                request with
                {
                    Steps = pipeline.Scheduler is null ? null : 1,
                    Parts = [new UnclipSettings { PriorSteps = 1 }, new UpscalerSettings { Steps = 1 }],
                    Seed = 0,
                },
                cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (Exception reason) when (reason is ArgumentException or InvalidOperationException)
        {
            logger.NotWarmedUp(reason.Message);
        }
    }
}
