using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace DiffusionSharp.AspNetCore;

/// <summary>Writes the events of a generation as server-sent events (html.spec.whatwg.org, 9.2).</summary>
internal static class EventStream
{
    /// <summary>Writes those that are wanted, until the generation ends or the caller is gone.</summary>
    public static async Task WriteAsync(HttpContext context, RunningGeneration generation, int first, Func<ImageEvent, bool> isWanted)
    {
        HttpResponse response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers[HeaderNames.CacheControl] = "no-cache,no-store";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        await foreach ((int number, ImageEvent happened) in generation.EventsAsync(first, context.RequestAborted).ConfigureAwait(false))
        {
            if (isWanted(happened))
            {
                await response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"event: {happened.Type}\nid: {number}\ndata: "), context.RequestAborted).ConfigureAwait(false);
                await JsonSerializer.SerializeAsync(response.Body, happened, WireJson.Default.ImageEvent, context.RequestAborted).ConfigureAwait(false);
                await response.WriteAsync("\n\n", context.RequestAborted).ConfigureAwait(false);
                await response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            }
        }
    }
}
