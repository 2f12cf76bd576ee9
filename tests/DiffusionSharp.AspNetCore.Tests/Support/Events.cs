using System.Net.ServerSentEvents;
using System.Text.Json;

namespace DiffusionSharp.AspNetCore.Tests.Support;

/// <summary>Reads a stream of events with .NET's own parser.</summary>
internal static class Events
{
    /// <summary>The events as they come.</summary>
    public static async IAsyncEnumerable<SseItem<JsonElement>> ReadAsync(HttpResponseMessage response)
    {
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        SseParser<JsonElement> parser = SseParser.Create(await response.Content.ReadAsStreamAsync(), (_, data) => JsonElement.Parse(data));
        await foreach (SseItem<JsonElement> item in parser.EnumerateAsync())
        {
            Assert.Equal(item.EventType, item.Data.GetProperty("type").GetString());
            yield return item;
        }
    }

    /// <summary>All events.</summary>
    public static async Task<List<SseItem<JsonElement>>> AllAsync(HttpResponseMessage response)
    {
        List<SseItem<JsonElement>> all = [];
        await foreach (SseItem<JsonElement> item in ReadAsync(response))
        {
            all.Add(item);
        }

        return all;
    }
}
