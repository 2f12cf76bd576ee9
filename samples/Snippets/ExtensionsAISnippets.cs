using DiffusionSharp.Emoji;
using DiffusionSharp.Extensions.AI;
using DiffusionSharp.Hosting;
using DiffusionSharp.ImageSharp;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

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
        await apple.SaveToAsync("red-apple.png");
        #endregion
        SaveMask(pipeline.Defaults.Width, pipeline.Defaults.Height);
        #region extensions-ai-edit
        ImageGenerationResponse edited = await generator.EditImageAsync(apple, "a green apple", new DiffusionImageOptions { Seed = 1, Strength = 0.6 });

        DataContent rightHalf = await DataContent.LoadFromAsync("right-half.png");
        ImageGenerationResponse inpainted = await generator.EditImageAsync(apple, "a red apple on a blue background", new DiffusionImageOptions { Seed = 1, Mask = rightHalf });
        #endregion
        using Image<Rgb24> sheet = ImageGrid.Create([.. new[] { response, edited, inpainted }.Select(one => (GeneratedImage)one.Contents[0].RawRepresentation!)], columns: 3);
        sheet.Save("extensions-ai.png");
    }

    private static void SaveMask(int width, int height)
    {
        using var mask = new Image<Rgb24>(width, height);
        using var half = new Image<Rgb24>(width / 2, height, new Rgb24(255, 255, 255));
        mask.Mutate(image => image.DrawImage(half, new Point(width / 2, 0), 1));
        mask.Save("right-half.png");
    }

    private static async Task InContainerAsync()
    {
        #region extensions-ai-container
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddDiffusionPipeline("emoji").Configure(options => options.Load = EmojiPipeline.LoadAsync);
        builder.Services.AddImageGenerator(services => services.GetRequiredService<IDiffusionPipeline>().AsImageGenerator("emoji"))
            .ConfigureOptions(options => options.AdditionalProperties = new() { ["steps"] = 10 })
            .UseOpenTelemetry()
            .UseLogging();
        #endregion
        using IHost host = builder.Build();
        ImageGenerationResponse response = await host.Services.GetRequiredService<IImageGenerator>().GenerateImagesAsync("a red heart");
        Console.WriteLine(((DataContent)response.Contents[0]).Name);
    }
}
