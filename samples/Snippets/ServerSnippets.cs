#pragma warning disable OPENAI001, SCME0005 // streams are experimental there
using System.ClientModel;
using System.Net.ServerSentEvents;
using System.Text.Json;
using DiffusionSharp.AspNetCore;
using DiffusionSharp.Emoji;
using DiffusionSharp.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;

namespace DiffusionSharp.Snippets;

internal static class ServerSnippets
{
    public static (string, Func<Task>)[] All { get; } = [("server", Serve), ("server-options", Configure)];

    private static async Task Serve()
    {
        #region server
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://localhost:5177");
        builder.Services.AddDiffusionPipeline("emoji").Configure(options => options.Load = EmojiPipeline.LoadAsync);

        await using WebApplication app = builder.Build();
        app.MapImageGeneration("/v1");
        await app.StartAsync();
        #endregion

        #region server-client
        var client = new OpenAIClient(new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri("http://localhost:5177/v1") });
        BinaryData picture = (await client.GetImageClient("emoji").GenerateImageAsync("a red apple")).Value.ImageBytes;
        await File.WriteAllBytesAsync("apple.png", picture.ToArray());
        #endregion
        await StreamAsync(client);
    }

    private static async Task StreamAsync(OpenAIClient client)
    {
        using var strip = new EventStrip();
        #region server-stream
        BinaryData fields = BinaryData.FromObjectAsJson(new { model = "emoji", prompt = "a red apple", seed = 1, steps = 30, stream = true, partial_images = 6 });
        await foreach (SseItem<BinaryData> item in await client.GetImageClient("emoji").GenerateImagesStreamingAsync(BinaryContent.Create(fields)))
        {
            byte[] picture = JsonElement.Parse(item.Data).GetProperty("b64_json").GetBytesFromBase64();
            Show(item.EventType, picture); // image_generation.partial_image, and in the end image_generation.completed
        }
        #endregion
        strip.Save("web-api.png");

        void Show(string type, byte[] picture) => strip.Add(type, picture);
    }

    private static async Task Configure()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://localhost:5177");
        builder.Services.AddDiffusionPipeline("emoji").Configure(options => options.Load = EmojiPipeline.LoadAsync);
        #region server-options
        builder.Services.Configure<ImageEndpointOptions>(options =>
        {
            options.MaxSteps = 50;
            options.Hosts.Add("draw.example.com");            // by which name callers know the server
            options.Origins.Add("https://app.example.com");   // whose pages may call it
            options.ApiKeys.Add(builder.Configuration["ApiKey"] ?? throw new InvalidOperationException("Set ApiKey."));
        });
        #endregion
        builder.Configuration["ApiKey"] = "sk-secret";
        await using WebApplication app = builder.Build();
        app.MapImageGeneration("/v1");
    }
}
