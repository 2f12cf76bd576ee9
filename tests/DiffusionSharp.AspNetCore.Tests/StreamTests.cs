using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using DiffusionSharp.AspNetCore.Tests.Support;

namespace DiffusionSharp.AspNetCore.Tests;

/// <summary>Streams of events, and clients that go away.</summary>
public class StreamTests
{
    [Fact]
    public async Task Previews_come_in_order_and_the_last_event_has_the_picture()
    {
        await using TestServer server = await TestServer.StartAsync();
        List<SseItem<JsonElement>> events = await Events.AllAsync(await server.GenerateAsync(new { prompt = "a red apple", seed = 7, stream = true, partial_images = 2 }));

        Assert.Equal(["image_generation.partial_image", "image_generation.partial_image", "image_generation.completed"], events.Select(item => item.EventType));
        Assert.Equal([0, 1], events[..2].Select(item => item.Data.GetProperty("partial_image_index").GetInt32()));
        Assert.Equal([2, 4], events[..2].Select(item => item.Data.GetProperty("step").GetInt32()));
        byte[] expected = await (await server.PipelineAsync()).DrawAsync(new TextToImageRequest("a red apple") { Seed = 7 });
        Assert.Equal(expected, Pictures.OfEvent(events[2].Data));
        Assert.NotEqual(expected, Pictures.OfEvent(events[0].Data));
        Assert.All(events, item => Assert.Equal(("32x16", "png"), (item.Data.GetProperty("size").GetString(), item.Data.GetProperty("output_format").GetString())));
    }

    [Theory]
    [InlineData(0, new int[0])]
    [InlineData(1, new[] { 3 })]
    [InlineData(3, new[] { 2, 3, 5 })]
    [InlineData(5, new[] { 1, 2, 3, 4, 5 })]
    [InlineData(100, new[] { 1, 2, 3, 4, 5 })]
    public async Task Previews_are_spread_over_the_six_steps(int wanted, int[] steps)
    {
        await using TestServer server = await TestServer.StartAsync();
        List<SseItem<JsonElement>> events = await Events.AllAsync(await server.GenerateAsync(new { prompt = "a cat", stream = true, partial_images = wanted }));
        Assert.Equal(steps, events.SkipLast(1).Select(item => item.Data.GetProperty("step").GetInt32()));
    }

    [Fact]
    public async Task Every_step_is_told_where_it_is_asked_for_and_every_picture_has_its_events()
    {
        await using TestServer server = await TestServer.StartAsync();
        List<SseItem<JsonElement>> events = await Events.AllAsync(await server.GenerateAsync(new { prompt = "a cat", stream = true, partial_images = 1, progress = true, n = 2, seed = 4 }));
        Assert.Equal(Enumerable.Range(1, 6), events.Where(item => item.EventType == "image_generation.progress").Select(item => item.Data.GetProperty("step").GetInt32()));
        Assert.Equal([0, 1], events.Where(item => item.EventType == "image_generation.partial_image").Select(item => item.Data.GetProperty("image_index").GetInt32()));
        Assert.Equal([4, 5], events.Where(item => item.EventType == "image_generation.completed").Select(item => item.Data.GetProperty("seed").GetInt64()));
    }

    [Fact]
    public async Task A_cascade_is_drawn_with_as_a_pipeline_is_and_says_its_stages()
    {
        var model = new GatedModel();
        await using TestServer server = await TestServer.StartAsync(model, loadCascade: () =>
        {
            DiffusionPipeline pipeline = model.Build();
            return Cascade.Start(pipeline, request => request with { Steps = 2 }).Then(pipeline, state => state.Request).Owning();
        });
        List<SseItem<JsonElement>> events = await Events.AllAsync(await server.GenerateAsync(new { prompt = "a red apple", seed = 7, steps = 4, stream = true, progress = true, partial_images = 3 }));
        (int, int, int, int)[] expected = [(0, 2, 1, 2), (0, 2, 2, 2), (1, 2, 1, 4), (1, 2, 2, 4), (1, 2, 3, 4), (1, 2, 4, 4)];
        Assert.Equal(expected, events.Where(item => item.EventType == "image_generation.progress").Select(item => (Number(item, "stage"), Number(item, "stages"), Number(item, "step"), Number(item, "steps"))));
        Assert.Equal([1, 2, 2], events.Where(item => item.EventType == "image_generation.partial_image").Select(item => Number(item, "step")));
        byte[] picture = await (await server.PipelineAsync()).DrawAsync(new TextToImageRequest("a red apple") { Seed = 7, Steps = 4 });
        Assert.Equal(picture, Pictures.OfEvent(events[^1].Data));
        HttpResponseMessage wrong = await server.GenerateAsync(new { prompt = "a red apple", size = "33x16" });
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);

        static int Number(SseItem<JsonElement> item, string name) => item.Data.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Edits_stream_too()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpResponseMessage response = await server.SendAsync(TestServer.Form("/v1/images/edits", [("image", Pictures.Picture())], ("prompt", "a cat"), ("stream", "true"), ("partial_images", "1")));
        Assert.Equal(["image_edit.partial_image", "image_edit.completed"], (await Events.AllAsync(response)).Select(item => item.EventType));
    }

    [Fact]
    public async Task What_goes_wrong_on_the_way_is_an_event()
    {
        var model = new GatedModel();
        model.Predictor.BeforePrediction = () => throw new IOException("/secret/path");
        await using TestServer server = await TestServer.StartAsync(model);
        SseItem<JsonElement> item = Assert.Single(await Events.AllAsync(await server.GenerateAsync(new { prompt = "a cat", stream = true })));
        Assert.Equal("error", item.EventType);
        Assert.Equal("server_error", item.Data.GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task What_is_wrong_with_a_request_is_no_stream()
    {
        await using TestServer server = await TestServer.StartAsync();
        HttpResponseMessage response = await server.GenerateAsync(new { prompt = "a cat", size = "12x16", stream = true });
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_is_gone_stops_its_generation(bool streams)
    {
        await using TestServer server = await TestServer.StartAsync(concurrency: 1);
        server.Toy.Close();
        server.Toy.Let(2);
        using var gone = new CancellationTokenSource();
        Task<byte[]> asking = ReadAsync(server, streams, gone.Token);
        await TestServer.UntilAsync(() => server.Toy.Predictor.Predictions == 2);
        Task<HttpResponseMessage> other = server.GenerateAsync(new { prompt = "a dog", steps = 1 });
        await TestServer.UntilAsync(() => server.Load is { Running: 1, Waiting: 1 });

        // The client closes its connection.
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        // The prediction that waits at the gate is let through; the next one is no longer made, and the other client has its turn.
        await TestServer.UntilAsync(() => server.Toy.Predictor.Plans.First().CancellationToken.IsCancellationRequested);
        server.Toy.Let(2);
        Assert.Equal(HttpStatusCode.OK, (await other).StatusCode);
        Assert.Equal(4, server.Toy.Predictor.Predictions);
        Assert.Equal(0, server.Toy.Predictor.RunningRuns);

        static async Task<byte[]> ReadAsync(TestServer server, bool streams, CancellationToken cancellationToken)
        {
            HttpResponseMessage response = await server.Client.SendAsync(TestServer.Request(new { prompt = "a cat", stream = streams }), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
    }
}
