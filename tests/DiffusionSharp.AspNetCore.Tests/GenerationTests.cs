using System.Net;
using System.Text.Json;
using DiffusionSharp.AspNetCore.Tests.Support;
using DiffusionSharp.ImageSharp;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.AspNetCore.Tests;

/// <summary>What is asked for over HTTP is what the library draws, byte for byte.</summary>
public class GenerationTests
{
    [Fact]
    public async Task A_prompt_and_a_seed_give_the_file_that_the_library_makes()
    {
        await using TestServer server = await TestServer.StartAsync();
        JsonElement answer = await TestServer.JsonAsync(await server.GenerateAsync(new { prompt = "a red apple", seed = 7 }));

        byte[] expected = await (await server.PipelineAsync()).DrawAsync(new TextToImageRequest("a red apple") { Seed = 7 });
        Assert.Equal(expected, Pictures.Of(answer));
        Assert.Equal(("32x16", "png", "opaque"), (answer.GetProperty("size").GetString(), answer.GetProperty("output_format").GetString(), answer.GetProperty("background").GetString()));
        Assert.Equal((7, 6, TestServer.Model), (answer.GetProperty("data")[0].GetProperty("seed").GetInt64(), answer.GetProperty("steps").GetInt32(), answer.GetProperty("model").GetString()));
        Assert.InRange(answer.GetProperty("created").GetInt64(), DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 120, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
    }

    [Fact]
    public async Task Every_field_reaches_the_pipeline()
    {
        await using TestServer server = await TestServer.StartAsync();
        JsonElement answer = await TestServer.JsonAsync(await server.GenerateAsync(new
        {
            prompt = "a house",
            model = TestServer.Model,
            negative_prompt = "a tree",
            seed = 3,
            steps = 4,
            guidance_scale = 2.5,
            scheduler = "Euler a",
            size = "16x24",
            n = 2,
        }));

        GenerationResult expected = await (await server.PipelineAsync()).GenerateAsync(new TextToImageRequest("a house")
        {
            NegativePrompt = "a tree",
            Seed = 3,
            Steps = 4,
            GuidanceScale = 2.5f,
            Scheduler = Samplers.ByName("Euler a", Toy.Ddim.Options),
            Width = 16,
            Height = 24,
            Count = 2,
        });
        for (int i = 0; i < 2; i++)
        {
            using var file = new MemoryStream();
            expected.Images[i].SaveAsPng(file);
            Assert.Equal(file.ToArray(), Pictures.Of(answer, i));
            Assert.Equal(3 + i, answer.GetProperty("data")[i].GetProperty("seed").GetInt64());
        }
    }

    [Fact]
    public async Task A_picture_says_itself_how_it_was_made_in_every_format()
    {
        await using TestServer server = await TestServer.StartAsync();
        foreach (string format in (string[])["png", "jpeg", "webp"])
        {
            JsonElement answer = await TestServer.JsonAsync(await server.GenerateAsync(new { prompt = "a cloud", seed = 5, output_format = format, output_compression = format == "png" ? 100 : 80 }));
            byte[] file = Pictures.Of(answer);
            Assert.Equal(format, SixLabors.ImageSharp.Image.DetectFormat(file)!.Name.ToLowerInvariant());
            GenerationParameters parameters = GenerationParameters.Read(new MemoryStream(file))!;
            Assert.Equal(("a cloud", 5, 6), (parameters.Prompt, parameters.Seed, parameters.Steps));
        }
    }

    [Fact]
    public async Task Fields_of_other_services_have_no_effect()
    {
        await using TestServer server = await TestServer.StartAsync();
        JsonElement plain = await TestServer.JsonAsync(await server.GenerateAsync(new { prompt = "a taxi", seed = 1 }));
        JsonElement full = await TestServer.JsonAsync(await server.GenerateAsync(new
        {
            prompt = "a taxi",
            seed = 1,
            quality = "hd",
            style = "vivid",
            moderation = "low",
            user = "someone",
            background = "auto",
            response_format = "b64_json",
            size = "auto",
            stream = false,
            partial_images = (int?)null,
        }));
        Assert.Equal(Pictures.Of(plain), Pictures.Of(full));
    }

    [Fact]
    public async Task Warnings_are_told()
    {
        await using TestServer server = await TestServer.StartAsync();
        JsonElement answer = await TestServer.JsonAsync(await server.GenerateAsync(new { prompt = "a prompt that is longer than this encoder reads" }));
        Assert.Contains("longer than the text encoder reads", answer.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_without_prompts_needs_none()
    {
        var model = new GatedModel();
        await using TestServer server = await TestServer.StartAsync(model, load: () => Toy.PixelBuilder(new RecordingPredictor(Toy.Predict)).Build());
        HttpResponseMessage drawn = await server.GenerateAsync(new { seed = 1 });
        Assert.Equal(HttpStatusCode.OK, drawn.StatusCode);
        Assert.Equal("4x4", (await TestServer.JsonAsync(drawn)).GetProperty("size").GetString());

        HttpResponseMessage asked = await server.GenerateAsync(new { prompt = "a red apple" });
        Assert.Equal(HttpStatusCode.BadRequest, asked.StatusCode);
        Assert.Equal("unsupported_by_model", (await TestServer.JsonAsync(asked)).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Models_are_listed_and_say_what_they_can()
    {
        await using TestServer server = await TestServer.StartAsync();
        JsonElement list = JsonElement.Parse(await server.Client.GetStringAsync("/v1/models"));
        Assert.Equal("list", list.GetProperty("object").GetString());
        JsonElement listed = Assert.Single(list.GetProperty("data").EnumerateArray());
        Assert.Equal((TestServer.Model, "model", "local"), (listed.GetProperty("id").GetString(), listed.GetProperty("object").GetString(), listed.GetProperty("owned_by").GetString()));
        Assert.Equal(0, server.Toy.Predictor.Predictions);

        JsonElement details = JsonElement.Parse(await server.Client.GetStringAsync($"/v1/models/{TestServer.Model}")).GetProperty("details");
        Assert.Equal((32, 16, 8, 6, 3), (Number("width"), Number("height"), Number("size_multiple"), Number("steps"), Number("guidance_scale")));
        Assert.True(details.GetProperty("reads_prompts").GetBoolean() && details.GetProperty("reads_pictures").GetBoolean());
        Assert.Equal(Samplers.Names, details.GetProperty("schedulers").EnumerateArray().Select(name => name.GetString()));

        HttpResponseMessage unknown = await server.Client.GetAsync("/v1/models/other");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal("model_not_found", (await TestServer.JsonAsync(unknown)).GetProperty("error").GetProperty("code").GetString());

        int Number(string name) => details.GetProperty(name).GetInt32();
    }
}
