#pragma warning disable MEAI001, OPENAI001 // image generation is experimental there
using System.ClientModel;
using System.ClientModel.Primitives;
using System.Numerics.Tensors;
using DiffusionSharp.AspNetCore.Tests.Support;
using DiffusionSharp.ImageSharp;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Images;

namespace DiffusionSharp.AspNetCore.Tests;

/// <summary>OpenAI's own client, alone and through Microsoft.Extensions.AI.</summary>
public class OpenAiClientTests
{
    [Fact]
    public async Task It_generates()
    {
        await using TestServer server = await TestServer.StartAsync();
        using IImageGenerator generator = Client(server).GetImageClient(TestServer.Model).AsIImageGenerator();
        ImageGenerationResponse response = await generator.GenerateAsync(new ImageGenerationRequest("a red apple"), new Microsoft.Extensions.AI.ImageGenerationOptions { Count = 2, ImageSize = new(16, 24) });
        Assert.Equal(2, response.Contents.Count);
        foreach (DataContent content in response.Contents.Cast<DataContent>())
        {
            // What the file says of itself makes it again.
            byte[] file = content.Data.ToArray();
            GenerationParameters made = GenerationParameters.Read(new MemoryStream(file))!;
            Assert.Equal(("a red apple", 16, 24), (made.Prompt, made.Width, made.Height));
            Assert.Equal(file, await (await server.PipelineAsync()).DrawAsync(new TextToImageRequest(made.Prompt) { Seed = made.Seed, Width = 16, Height = 24 }));
        }
    }

    [Fact]
    public async Task It_edits()
    {
        await using TestServer server = await TestServer.StartAsync();
        using IImageGenerator generator = Client(server).GetImageClient(TestServer.Model).AsIImageGenerator();
        var original = new DataContent(Pictures.Picture(), "image/png");
        ImageGenerationResponse response = await generator.GenerateAsync(new ImageGenerationRequest("a house", [original]));
        GenerationParameters made = GenerationParameters.Read(new MemoryStream(((DataContent)Assert.Single(response.Contents)).Data.ToArray()))!;
        Assert.Equal(("a house", 0.8), (made.Prompt, made.Strength));
    }

    [Fact]
    public async Task It_keeps_what_its_mask_keeps()
    {
        await using TestServer server = await TestServer.StartAsync();
        ImageClient client = Client(server).GetImageClient(TestServer.Model);
        OpenAI.Images.GeneratedImage picture = await client.GenerateImageEditAsync(new MemoryStream(Pictures.Picture()), "picture.png", "a house", new MemoryStream(Pictures.RightHalfTransparent()), "mask.png");
        Tensor<float> before = SavedPictures.Pixels(Pictures.Picture());
        Tensor<float> after = SavedPictures.Pixels(picture.ImageBytes.ToArray());
        Assert.All(Enumerable.Range(0, 3 * 16 * 32).Where(i => i % 32 < 16), i => Assert.Equal(before.Values()[i], after.Values()[i]));
    }

    [Fact]
    public async Task It_varies()
    {
        await using TestServer server = await TestServer.StartAsync();
        ImageClient client = Client(server).GetImageClient(TestServer.Model);
        OpenAI.Images.GeneratedImage picture = await client.GenerateImageVariationAsync(new MemoryStream(Pictures.Picture()), "picture.png");
        Assert.Equal([1, 3, 16, 32], SavedPictures.Pixels(picture.ImageBytes.ToArray()).Lengths);
    }

    [Fact]
    public async Task It_lists_models()
    {
        await using TestServer server = await TestServer.StartAsync();
        OpenAI.Models.OpenAIModelCollection models = await Client(server).GetOpenAIModelClient().GetModelsAsync();
        Assert.Equal((TestServer.Model, "local"), (models.Single().Id, models.Single().OwnedBy));
    }

    [Fact]
    public async Task It_understands_errors()
    {
        await using TestServer server = await TestServer.StartAsync();
        ClientResultException unknown = await Assert.ThrowsAsync<ClientResultException>(() => Client(server).GetImageClient("other").GenerateImageAsync("a cat"));
        Assert.Equal(404, unknown.Status);
        Assert.Contains("The model 'other' does not exist.", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_sends_its_key()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.ApiKeys.Add("sk-right"));
        ClientResultException refused = await Assert.ThrowsAsync<ClientResultException>(() => Client(server, "sk-wrong").GetImageClient(TestServer.Model).GenerateImageAsync("a cat"));
        Assert.Equal(401, refused.Status);
        Assert.NotNull((await Client(server, "sk-right").GetImageClient(TestServer.Model).GenerateImageAsync("a cat")).Value.ImageBytes);
    }

    private static OpenAIClient Client(TestServer server, string key = "none") => new(new ApiKeyCredential(key), new OpenAIClientOptions
    {
        Endpoint = new Uri(server.Client.BaseAddress!, "/v1"),
        RetryPolicy = new ClientRetryPolicy(0),
    });
}
