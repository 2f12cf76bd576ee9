using DiffusionSharp.Latents;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Samples;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Snippets;

internal static class OnnxSnippets
{
    public static (string, Func<Task>)[] All { get; } = [("execution-provider", Provider), ("folder-options", FolderOptions), ("load-async", LoadAsync), ("provider-options", ProviderOptions), ("session-options", SessionOptions), ("model-errors", Errors)];

    private static Task Provider()
    {
        #region execution-provider
        var options = new OnnxPipelineOptions
        {
            Onnx = new OnnxOptions { Provider = ExecutionProvider.Cuda, DeviceId = 0, FallBackToCpu = true },
        };
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load("models/my-model", options);
        #endregion
        return Task.CompletedTask;
    }

    private static Task FolderOptions()
    {
        using var loggerFactory = new StandardErrorLogging();
        #region folder-options
        var options = new OnnxPipelineOptions
        {
            Scheduler = new DdimScheduler(DdimOptions.StableDiffusion with { Eta = 1 }),
            LatentSpace = new LatentSpace { Channels = 4, DownsamplingFactor = 4, Scale = 0.4956f },
            Defaults = new GenerationDefaults { Width = 64, Height = 64, Steps = 20, GuidanceScale = 4 },
            LoggerFactory = loggerFactory,
        };
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load("models/my-model", options);
        #endregion
        return Task.CompletedTask;
    }

    private static async Task LoadAsync()
    {
        using var cancellation = new CancellationTokenSource();
        #region load-async
        var progress = new Progress<LoadProgress>(p => Console.WriteLine($"{p.Part}: {p.Done} of {p.Count}"));
        using DiffusionPipeline pipeline = await OnnxDiffusionPipeline.LoadAsync("models/my-model", progress: progress, cancellationToken: cancellation.Token);
        #endregion
    }

    private static Task ProviderOptions()
    {
        #region provider-options
        var options = new OnnxOptions
        {
            Provider = ExecutionProvider.Cuda,
            FallBackToCpu = true,
            TensorFloat32 = true,
            ProviderOptions = new Dictionary<string, string> { ["gpu_mem_limit"] = "8589934592" },
        };
        using var predictor = new OnnxNoisePredictor("models/my-model/unet/model.onnx", options);
        #endregion
        return Task.CompletedTask;
    }

    private static Task SessionOptions()
    {
        #region session-options
        var options = new OnnxOptions
        {
            Threads = 4,
            Spinning = false,
            Configure = session => session.AddSessionConfigEntry("session.set_denormal_as_zero", "1"),
        };
        using var predictor = new OnnxNoisePredictor("models/my-model/unet/model.onnx", options);
        #endregion
        Console.WriteLine($"{predictor.InputChannels} channels, trained at {predictor.TrainedSize}");
        return Task.CompletedTask;
    }

    private static Task Errors()
    {
        #region model-errors
        try
        {
            using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load("models/another-model");
        }
        catch (ModelFormatException e)
        {
            Console.WriteLine($"{e.Path}: {e.Problem}");
        }
        #endregion
        return Task.CompletedTask;
    }
}
