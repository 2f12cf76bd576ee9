using DiffusionSharp.ImageSharp;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;

namespace DiffusionSharp.Snippets;

internal static class ReadmeSnippets
{
    public static (string, Func<Task>)[] All { get; } = [("load-folder", LoadFolder), ("compose", Compose)];

    private static async Task LoadFolder()
    {
        #region load-folder
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load("models/my-model");
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a red heart") { Steps = 20, Seed = 42 });
        result.Images[0].SaveAsPng("heart.png");
        #endregion
    }

    private static async Task Compose()
    {
        #region compose
        using DiffusionPipeline pipeline = DiffusionPipeline.CreateBuilder()
            .UseTextEncoder(new OnnxTextEncoder("models/my-model/text_encoder/model.onnx", ClipTokenizer.Load("models/my-model/tokenizer")))
            .UseNoisePredictor(new OnnxNoisePredictor("models/my-model/unet/model.onnx"))
            .UseLatentDecoder(new OnnxLatentDecoder("models/my-model/vae_decoder/model.onnx"))
            .UseScheduler(new DdimScheduler(DdimOptions.StableDiffusion with { Eta = 0.5 }))
            .UseDefaults(new GenerationDefaults { Width = 128, Height = 128, Steps = 25, GuidanceScale = 4 })
            .Build();
        #endregion
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a red heart") { Steps = 4, Seed = 1 });
        result.Images[0].SaveAsPng("composed.png");
    }
}
