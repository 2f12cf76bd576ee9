using DiffusionSharp.Emoji;
using DiffusionSharp.Extensions.AI;
using DiffusionSharp.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DiffusionSharp.Snippets;

internal static class ExtensionsAISnippets
{
    public static (string, Func<Task>)[] All { get; } = [("extensions-ai", GenerateAsync), ("extensions-ai-container", InContainerAsync)];

    private static async Task GenerateAsync()
    {
        #region extensions-ai
        using DiffusionPipeline pipeline = EmojiPipeline.Load();
        IImageGenerator generator = pipeline.AsImageGenerator("emoji");

        ImageGenerationResponse response = await generator.GenerateImagesAsync("a red apple", new DiffusionImageOptions { Seed = 1, Steps = 20 });
        var apple = (DataContent)response.Contents[0];
        await apple.SaveToAsync("apple.png");
        #endregion
        #region extensions-ai-edit
        ImageGenerationResponse edited = await generator.EditImageAsync(apple, "a green apple", new DiffusionImageOptions { Seed = 1, Strength = 0.6 });
        #endregion
        Console.WriteLine(((DataContent)edited.Contents[0]).Name);
    }

    private static async Task InContainerAsync()
    {
        #region extensions-ai-container
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddDiffusionPipeline("emoji").Configure(options => options.Load = EmojiPipeline.LoadAsync);
        builder.Services.AddImageGenerator(services => services.GetRequiredService<DiffusionPipeline>().AsImageGenerator("emoji"))
            .ConfigureOptions(options => options.AdditionalProperties = new() { ["steps"] = 10 })
            .UseOpenTelemetry()
            .UseLogging();
        #endregion
        using IHost host = builder.Build();
        ImageGenerationResponse response = await host.Services.GetRequiredService<IImageGenerator>().GenerateImagesAsync("a red heart");
        Console.WriteLine(((DataContent)response.Contents[0]).Name);
    }
}
