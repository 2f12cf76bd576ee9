using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Latents;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Samples;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;

namespace DiffusionSharp.Snippets;

internal static class OnnxSnippets
{
    public static (string, Func<Task>)[] All { get; } = [("execution-provider", Provider), ("folder-options", FolderOptions), ("load-async", LoadAsync), ("provider-options", ProviderOptions), ("session-options", SessionOptions), ("model-errors", Errors), ("sdxl-request", SdxlRequest), ("refiner", Refiner), ("input-by-name", InputByName)];

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
            Defaults = new GenerationDefaults { Width = 128, Height = 128, Steps = 20, GuidanceScale = 4 },
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

    private static Task SdxlRequest()
    {
        #region sdxl-request
        var request = new TextToImageRequest("a red apple on a table")
        {
            NegativePrompt = "blurry",
            Width = 1024,
            Height = 1024,
            Parts =
            [
                new EncoderPrompts { Second = "soft light, oil on canvas" },
                new PictureSizes { OriginalHeight = 2048, OriginalWidth = 2048 },
                new TextEncodingOptions { ClipSkip = 1 },
            ],
        };
        #endregion
        Console.WriteLine($"{request.Parts.Count} parts");
        return Task.CompletedTask;
    }

    private static async Task Refiner()
    {
        using DiffusionPipeline ofBase = OnnxDiffusionPipeline.Load("models/my-model");
        using DiffusionPipeline ofRefiner = OnnxDiffusionPipeline.Load("models/my-model");
        #region refiner
        Cascade cascade = Cascade
            .Start(ofBase, request => request with { Range = new ScheduleRange(0, 0.8), Decodes = false })
            .Then(ofRefiner, state => state.Request with { Range = new ScheduleRange(0.8, 1), InitialLatents = state.Result.Latents });
        GenerationResult result = await cascade.GenerateAsync(new TextToImageRequest("a red apple on a table") { Steps = 40, Seed = 1 });
        #endregion
        result.Images[0].SaveAsPng("refined.png");
    }

    private static Task InputByName()
    {
        #region input-by-name
        var request = new TextToImageRequest("a red apple")
        {
            Conditioning = Conditioning.None.With("style", Tensor.Create<float>([3], [1])),
        };
        #endregion
        Console.WriteLine($"{request.Conditioning}");
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
