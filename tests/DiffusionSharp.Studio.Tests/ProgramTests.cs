#pragma warning disable MEAI001, OPENAI001, SCME0005 // image generation is experimental there, and so are streams
using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.ServerSentEvents;
using System.Text.Json;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Studio.Tests.Support;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Images;

namespace DiffusionSharp.Studio.Tests;

/// <summary>The program itself, in a process of its own, and OpenAI's client of it.</summary>
[Collection(OneStudio.Name)]
public sealed class ProgramTests(StudioFixture studio) : IAsyncLifetime
{
    private readonly ProgramProcess _program = ProgramProcess.Start(typeof(StudioServer).Assembly, "--port", "0", "--no-browser");
    private ImageClient _client = null!;

    public async Task InitializeAsync()
    {
        string said = await _program.LineAsync("The studio is at ");
        var address = new Uri(said.Split(' ')[4]);
        _client = new OpenAIClient(new ApiKeyCredential("none"), new OpenAIClientOptions { Endpoint = new Uri(address, "v1"), RetryPolicy = new ClientRetryPolicy(0) }).GetImageClient("emoji");
    }

    [Fact]
    public async Task OpenAIs_client_generates_edits_and_streams()
    {
        using IImageGenerator generator = _client.AsIImageGenerator();
        ImageGenerationResponse drawn = await generator.GenerateAsync(new ImageGenerationRequest("a red apple"));
        var apple = (DataContent)Assert.Single(drawn.Contents);
        Assert.Equal("a red apple", Made(apple.Data.ToArray()).Prompt);

        ImageGenerationResponse edited = await generator.GenerateAsync(new ImageGenerationRequest("a green apple", [apple]));
        GenerationParameters made = Made(((DataContent)Assert.Single(edited.Contents)).Data.ToArray());
        Assert.Equal(("a green apple", 0.8), (made.Prompt, made.Strength));

        List<SseItem<BinaryData>> events = await AllAsync(await StreamAsync(new { model = "emoji", prompt = "a red apple", seed = 7, steps = 3, stream = true, partial_images = 2 }));
        Assert.Equal(["image_generation.partial_image", "image_generation.partial_image", "image_generation.completed"], events.Select(item => item.EventType));
        Assert.All(events, item => Assert.Equal("a red apple", Made(PictureOf(item)).Prompt));
        Assert.Equal(await (await studio.PipelineAsync()).DrawAsync(new TextToImageRequest("a red apple") { Seed = 7, Steps = 3 }), PictureOf(events[^1]));

        using var form = new MultipartFormDataContent
        {
            { new StringContent("a green apple"), "prompt" },
            { new StringContent("true"), "stream" },
            { new StringContent("1"), "partial_images" },
            { new ByteArrayContent(apple.Data.ToArray()), "image", "apple.png" },
        };
        BinaryContent body = BinaryContent.Create(await form.ReadAsStreamAsync());
        events = await AllAsync(await _client.GenerateImageEditsStreamingAsync(body, form.Headers.ContentType!.ToString(), null));
        Assert.Equal(["image_edit.partial_image", "image_edit.completed"], events.Select(item => item.EventType));
        Assert.Equal(("a green apple", 0.8), (Made(PictureOf(events[^1])).Prompt, Made(PictureOf(events[^1])).Strength));
    }

    [SignalFact]
    public async Task A_picture_is_finished_when_the_server_is_told_to_end_and_then_it_ends()
    {
        await using AsyncStreamingClientResult<SseItem<BinaryData>> stream = await StreamAsync(new { model = "emoji", prompt = "a red apple", seed = 7, steps = 30, stream = true, progress = true });
        List<SseItem<BinaryData>> events = [];
        await foreach (SseItem<BinaryData> item in stream)
        {
            events.Add(item);
            if (events.Count == 5)
            {
                _program.Terminate();
            }
        }

        Assert.Equal(31, events.Count);
        Assert.Equal("image_generation.completed", events[^1].EventType);
        Assert.Equal(await (await studio.PipelineAsync()).DrawAsync(new TextToImageRequest("a red apple") { Seed = 7, Steps = 30 }), PictureOf(events[^1]));
        Assert.Equal(0, (await _program.EndAsync()).Code);
    }

    public Task DisposeAsync()
    {
        _program.Dispose();
        return Task.CompletedTask;
    }

    private Task<AsyncStreamingClientResult<SseItem<BinaryData>>> StreamAsync(object fields) =>
        _client.GenerateImagesStreamingAsync(BinaryContent.Create(BinaryData.FromObjectAsJson(fields)), null);

    private static async Task<List<SseItem<BinaryData>>> AllAsync(AsyncStreamingClientResult<SseItem<BinaryData>> stream)
    {
        List<SseItem<BinaryData>> all = [];
        await foreach (SseItem<BinaryData> item in stream)
        {
            all.Add(item);
        }

        return all;
    }

    private static byte[] PictureOf(SseItem<BinaryData> item) => JsonElement.Parse(item.Data).GetProperty("b64_json").GetBytesFromBase64();

    private static GenerationParameters Made(byte[] file) => GenerationParameters.Read(new MemoryStream(file))!;
}
