using DiffusionSharp.Diffusers;
using DiffusionSharp.ImageSharp;

namespace DiffusionSharp.Snippets;

internal static class DiffusersSnippets
{
    public static (string, Func<Task>)[] All { get; } = [("load-diffusers", Load), ("load-lora", LoadLora)];

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
}
