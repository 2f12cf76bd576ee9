using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using DiffusionSharp.AspNetCore.Tests.Support;

namespace DiffusionSharp.AspNetCore.Tests;

/// <summary>Generations that are asked for without waiting: looked at, followed, stopped.</summary>
public class RunningTests
{
    private const string Async = "respond-async";

    [Fact]
    public async Task Who_does_not_wait_is_told_where_to_look()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Toy.Close();
        HttpResponseMessage accepted = await server.GenerateAsync(new { prompt = "a red apple", seed = 7 }, Async);
        JsonElement state = await TestServer.JsonAsync(accepted);
        string id = state.GetProperty("id").GetString()!;
        Assert.Equal((HttpStatusCode.Accepted, $"/v1/images/generations/{id}"), (accepted.StatusCode, accepted.Headers.Location?.ToString()));
        Assert.Equal(Async, accepted.Headers.GetValues("Preference-Applied").Single());
        Assert.Contains(state.GetProperty("status").GetString(), (string[])["queued", "in_progress"]);

        server.Toy.Let(2);
        await TestServer.UntilAsync(() => server.Toy.Predictor.Predictions == 2);
        await WhenAsync(server, accepted.Headers.Location!, found => found.GetProperty("step").GetInt32() == 2);

        server.Toy.Open();
        JsonElement done = await WhenAsync(server, accepted.Headers.Location!, found => found.GetProperty("status").GetString() == "completed");
        byte[] expected = await (await server.PipelineAsync()).DrawAsync(new TextToImageRequest("a red apple") { Seed = 7 });
        Assert.Equal(expected, Pictures.Of(done.GetProperty("result")));
    }

    [Fact]
    public async Task Events_can_be_followed_and_taken_up_again()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Toy.Close();
        Uri place = (await server.GenerateAsync(new { prompt = "a cat", partial_images = 2 }, Async)).Headers.Location!;
        HttpResponseMessage first = await server.Client.GetAsync($"{place}/events", HttpCompletionOption.ResponseHeadersRead);
        server.Toy.Let(1);
        await foreach (SseItem<JsonElement> item in Events.ReadAsync(first))
        {
            Assert.Equal(("image_generation.progress", "0"), (item.EventType, item.EventId));
            break;
        }

        first.Dispose();
        server.Toy.Open();
        var again = new HttpRequestMessage(HttpMethod.Get, $"{place}/events");
        again.Headers.Add("Last-Event-ID", "0");
        List<SseItem<JsonElement>> rest = await Events.AllAsync(await server.SendAsync(again));
        Assert.Equal(Enumerable.Range(1, 8).Select(number => $"{number}"), rest.Select(item => item.EventId));
        Assert.Equal(
            ["progress", "partial_image", "progress", "progress", "partial_image", "progress", "progress", "completed"],
            rest.Select(item => item.EventType["image_generation.".Length..]));

        // Whoever comes late has all of them, too.
        Assert.Equal(9, (await Events.AllAsync(await server.Client.GetAsync($"{place}/events"))).Count);
    }

    [Fact]
    public async Task A_generation_can_be_stopped()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Toy.Close();
        HttpResponseMessage accepted = await server.GenerateAsync(new { prompt = "a cat" }, Async);
        HttpResponseMessage following = await server.Client.GetAsync($"{accepted.Headers.Location}/events", HttpCompletionOption.ResponseHeadersRead);
        await TestServer.UntilAsync(() => server.Load.Running == 1);

        Assert.Equal(HttpStatusCode.NoContent, (await server.Client.DeleteAsync(accepted.Headers.Location)).StatusCode);
        server.Toy.Open();
        SseItem<JsonElement> last = (await Events.AllAsync(following))[^1];
        Assert.Equal(("error", "generation_cancelled"), (last.EventType, last.Data.GetProperty("error").GetProperty("code").GetString()));
        await TestServer.UntilAsync(() => server.Load.Running == 0);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync(accepted.Headers.Location)).StatusCode);
        Assert.InRange(server.Toy.Predictor.Predictions, 0, 2);
    }

    [Fact]
    public async Task A_stopped_generation_tells_those_who_wait_for_it()
    {
        await using TestServer server = await TestServer.StartAsync(concurrency: 1);
        server.Toy.Close();
        HttpResponseMessage stream = await server.GenerateAsync(new { prompt = "a cat", stream = true });
        string id = stream.Headers.GetValues("X-Request-Id").Single();
        Assert.Equal(HttpStatusCode.NoContent, (await server.Client.DeleteAsync($"/v1/images/generations/{id}")).StatusCode);
        server.Toy.Open();
        Assert.Equal("error", Assert.Single(await Events.AllAsync(stream)).EventType);
    }

    [Fact]
    public async Task The_last_ones_are_remembered_and_no_others()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.KeptGenerations = 2);
        List<Uri> places = [];
        for (int i = 0; i < 4; i++)
        {
            HttpResponseMessage accepted = await server.GenerateAsync(new { prompt = "a cat", steps = 1 }, Async);
            places.Add(accepted.Headers.Location!);
            await WhenAsync(server, places[^1], found => found.GetProperty("status").GetString() == "completed");
            await TestServer.UntilAsync(() => i < 2 || server.Client.GetAsync(places[i - 2]).Result.StatusCode == HttpStatusCode.NotFound);
        }

        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(places[2])).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync(places[3])).StatusCode);

        HttpResponseMessage waited = await server.GenerateAsync(new { prompt = "a cat", steps = 1 });
        string id = waited.Headers.GetValues("X-Request-Id").Single();
        await waited.Content.ReadAsByteArrayAsync();
        await TestServer.UntilAsync(() => server.Client.GetAsync($"/v1/images/generations/{id}").Result.StatusCode == HttpStatusCode.NotFound);
    }

    private static async Task<JsonElement> WhenAsync(TestServer server, Uri place, Func<JsonElement, bool> isSo)
    {
        JsonElement found = default;
        for (int i = 0; i < 3000; i++)
        {
            found = JsonElement.Parse(await server.Client.GetStringAsync(place));
            if (isSo(found))
            {
                return found;
            }

            await Task.Delay(10);
        }

        Assert.Fail($"It did not become so: {found}");
        return found;
    }
}
