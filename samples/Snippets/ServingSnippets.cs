using System.Diagnostics;
using DiffusionSharp.Emoji;
using DiffusionSharp.Guidance;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;

namespace DiffusionSharp.Snippets;

internal static class ServingSnippets
{
    public static (string, Func<Task>)[] All { get; } = [("serving", Serve), ("watching", Watch), ("batching-parts", Parts), ("low-memory", LowMemory)];

    private static async Task Serve()
    {
        #region serving
        var options = new OnnxPipelineOptions
        {
            Batching = new BatchingOptions { MaxRows = 8 },
            CachedPrompts = 64,
        };
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load("models/my-model", options);

        string[] prompts = ["a red apple", "a red heart", "a house"];
        GenerationResult[] results = await Task.WhenAll(prompts.Select((prompt, i) =>
            pipeline.GenerateAsync(new TextToImageRequest(prompt) { Seed = i, Steps = 10 + i, GuidanceScale = 4 })));
        #endregion
        Console.WriteLine($"{results.Length} pictures");
    }

    private static async Task Watch()
    {
        #region watching
        using var spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "DiffusionSharp",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span => Console.WriteLine($"{span.OperationName}: {span.Duration.TotalMilliseconds:0} ms"),
        };
        ActivitySource.AddActivityListener(spans);
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Steps = 5, Seed = 1 });
        #endregion
    }

    private static async Task Parts()
    {
        const string folder = "models/my-model";
        #region batching-parts
        var batching = new BatchingNoisePredictor(new OnnxNoisePredictor($"{folder}/unet/model.onnx"), new BatchingOptions { MaxRows = 16 });
        using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder()
            .UseTextEncoder(new CachedTextEncoder(new OnnxTextEncoder($"{folder}/text_encoder/model.onnx", ClipTokenizer.Load($"{folder}/tokenizer")), capacity: 64))
            .UseNoisePredictor(batching)
            .UseLatentDecoder(new OnnxLatentDecoder($"{folder}/vae_decoder/model.onnx"))
            .UseScheduler(new DdimScheduler(DdimOptions.StableDiffusion))
            .UseDefaults(new GenerationDefaults { Width = 128, Height = 128, Steps = 10 })
            .Build();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => pipeline.GenerateAsync(new TextToImageRequest("a house") { Seed = i })));

        BatchingStatistics done = batching.Statistics;
        Console.WriteLine($"{done.Predictions} predictions in {done.Calls} calls of {(double)done.Rows / done.Calls:0.0} rows");
        #endregion
    }

    private static async Task LowMemory()
    {
        #region low-memory
        var options = new OnnxPipelineOptions
        {
            GuidanceBatching = GuidanceBatching.CallEach,
            Onnx = new OnnxOptions { Lifetime = SessionLifetime.UnloadAfterUse },
        };
        using DiffusionPipeline pipeline = EmojiPipeline.Load(options);
        #endregion
        await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Steps = 5, Seed = 1 });
    }
}
