using DiffusionSharp.Diffusers;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;
using Microsoft.Extensions.Logging;

namespace DiffusionSharp.Hosting.Pipelines;

/// <summary>Makes the pipeline that options describe.</summary>
internal static class PipelineLoading
{
    /// <summary>Loads the model, puts scheduler and defaults in place, and takes a step where it shall be warm.</summary>
    /// <param name="options">What to load.</param>
    /// <param name="locate">Where a path of the options is.</param>
    /// <param name="concurrency">How many generations run at a time.</param>
    /// <param name="loggers">Told of what the model folder says and is not used.</param>
    /// <param name="cancellationToken">Stops the loading.</param>
    public static async Task<DiffusionPipeline> LoadAsync(DiffusionPipelineOptions options, Func<string, string> locate, int concurrency, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        DiffusionPipeline loaded = await LoadModelAsync(options, Translate(options, locate, loggers), locate, cancellationToken).ConfigureAwait(false);
        DiffusionPipeline? pipeline = null;
        await using (loaded.ConfigureAwait(false))
        {
            try
            {
                pipeline = Change(loaded, options, concurrency);
                if (options.WarmUp)
                {
                    await WarmUpAsync(pipeline, loggers.CreateLogger(typeof(IDiffusionPipelineProvider).FullName!), cancellationToken).ConfigureAwait(false);
                }

                return pipeline;
            }
            catch
            {
                pipeline?.Dispose();
                throw;
            }
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

    private static Task<DiffusionPipeline> LoadModelAsync(DiffusionPipelineOptions options, DiffusersPipelineOptions how, Func<string, string> locate, CancellationToken cancellationToken)
    {
        if (options.Folder is null)
        {
            return options.Load!(how, null, cancellationToken);
        }

        string folder = locate(options.Folder);
        if ((options.Format ?? FormatOf(folder)) == ModelFormat.Safetensors)
        {
            return DiffusersPipeline.LoadAsync(folder, how, null, cancellationToken);
        }

        string? only = how.Loras.Count > 0 ? nameof(options.Loras)
            : how.SingleFile is not null ? nameof(options.SingleFile)
            : how.MapsWeights ? nameof(options.MapsWeights)
            : how.Fast is not null ? nameof(options.Fast)
            : null;
        return only is null
            ? OnnxDiffusionPipeline.LoadAsync(folder, how, null, cancellationToken)
            : throw new NotSupportedException($"{only} is for folders of safetensors, but '{folder}' is one of ONNX: leave it away, or load the folder that it was exported from.");
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

    private static DiffusionPipeline Change(DiffusionPipeline loaded, DiffusionPipelineOptions options, int concurrency)
    {
        GenerationDefaults own = loaded.Defaults;
        DiffusionPipelineBuilder builder = loaded.ToBuilder().UseConcurrency(concurrency).UseDefaults(new GenerationDefaults
        {
            Width = options.Width ?? own.Width,
            Height = options.Height ?? own.Height,
            Steps = options.Steps ?? own.Steps,
            GuidanceScale = options.GuidanceScale ?? own.GuidanceScale,
        });
        if (options.Scheduler is { } name)
        {
            IDiscreteScheduler model = loaded.Scheduler as IDiscreteScheduler
                ?? throw new NotSupportedException($"The sampler '{name}' is for models of a discrete noise schedule, but this one has {loaded.Scheduler?.ToString() ?? "none"}: leave {nameof(options.Scheduler)} away.");
            builder.UseScheduler(Samplers.ByName(name, model.Options));
        }

        return builder.Build();
    }

    // Some models want a picture or a class, which nobody has yet: their first generation is the one that warms them.
    private static async Task WarmUpAsync(DiffusionPipeline pipeline, ILogger logger, CancellationToken cancellationToken)
    {
        GenerationRequest request = pipeline.TextEncoders.Count > 0 ? new TextToImageRequest("a picture") : new GenerationRequest();
        try
        {
            await pipeline.GenerateAsync(request with { Steps = pipeline.Scheduler is null ? null : 1, Seed = 0 }, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (Exception reason) when (reason is ArgumentException or InvalidOperationException)
        {
            logger.NotWarmedUp(reason.Message);
        }
    }
}
