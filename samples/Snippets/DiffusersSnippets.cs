using DiffusionSharp.Diffusers;
using DiffusionSharp.ImageSharp;

namespace DiffusionSharp.Snippets;

internal static class DiffusersSnippets
{
    public static (string, Func<Task>)[] All { get; } = [("load-diffusers", Load), ("load-lora", LoadLora), ("load-fast", LoadFast), ("download-model", Download)];

    private static async Task Load()
    {
        #region load-diffusers
        using DiffusionPipeline pipeline = DiffusersPipeline.Load("models/stable-diffusion", new DiffusersPipelineOptions { Variant = "fp16" });
        GenerationResult result = await pipeline.GenerateAsync(new TextToImageRequest("a red apple") { Steps = 20, Seed = 42 });
        result.Images[0].SaveAsPng("apple.png");
        #endregion
    }

    private static Task LoadLora()
    {
        #region load-lora
        var options = new DiffusersPipelineOptions
        {
            Variant = "fp16",
            Loras = [new LoraFile("models/style.safetensors", Scale: 0.8f)],
        };
        using DiffusionPipeline pipeline = DiffusersPipeline.Load("models/stable-diffusion", options);
        #endregion
        return Task.CompletedTask;
    }

    private static Task LoadFast()
    {
        #region load-fast
        var options = new DiffusersPipelineOptions
        {
            Fast = new FastSizes { CacheFolder = "models/transformed" },
        };
        using DiffusionPipeline pipeline = DiffusersPipeline.Load("models/stable-diffusion", options);
        #endregion
        return Task.CompletedTask;
    }

    private static async Task Download()
    {
        #region download-model
        string folder = await ModelHub.DownloadAsync("owner/name", "main", options: new ModelHubOptions { Variant = "fp16" });
        using DiffusionPipeline pipeline = DiffusersPipeline.Load(folder, new DiffusersPipelineOptions { Variant = "fp16" });
        #endregion
    }
}
