using Microsoft.AspNetCore.Http;

namespace DiffusionSharp.AspNetCore;

/// <summary>Answers those who ask for pictures: with the pictures, with a stream of events, or at once with where to look for them.</summary>
internal sealed class CreationHandlers(CallReader reader, CallRequests requests, ModelLoader models, GenerationRegistry generations, ErrorAnswers errors)
{
    public Task GenerateAsync(HttpContext context) => CreateAsync(context, CallKind.Generation);

    public Task EditAsync(HttpContext context) => CreateAsync(context, CallKind.Edit);

    public Task VaryAsync(HttpContext context) => CreateAsync(context, CallKind.Variation);

    private Task CreateAsync(HttpContext context, CallKind kind) => errors.AnswerAsync(context, async () =>
    {
        // RFC 7240: the caller would rather not wait.
        bool waits = !context.Request.Headers["Prefer"].ToString().Split(',', StringSplitOptions.TrimEntries).Contains("respond-async", StringComparer.OrdinalIgnoreCase);
        ImageCall call = await reader.ReadAsync(context.Request, kind, context.RequestAborted).ConfigureAwait(false);
        if (waits && !call.Streams)
        {
            call = call with { Previews = 0 };
        }

        IDiffusionPipeline pipeline = await models.GetAsync(call.Model, context.RequestAborted).ConfigureAwait(false);
        GenerationRequest request = await requests.CreateAsync(call, pipeline, context.RequestAborted).ConfigureAwait(false);
        RunningGeneration generation = await generations.StartAsync(call, pipeline, request).ConfigureAwait(false);
        context.Response.Headers["X-Request-Id"] = generation.Id;
        if (!waits)
        {
            _ = generations.KeepAsync(generation);
            await AcceptAsync(context, generation).ConfigureAwait(false);
            return;
        }

        try
        {
            await (call.Streams ? StreamAsync(context, generation, call) : AnswerAsync(context, generation)).ConfigureAwait(false);
        }
        finally
        {
            // It has ended, unless the caller is gone, who has no use for the pictures.
            generation.Cancel();
            generations.Forget(generation);
        }
    });

    private static async Task AnswerAsync(HttpContext context, RunningGeneration generation)
    {
        PicturesAnswer answer = await generation.Completion.WaitAsync(context.RequestAborted).ConfigureAwait(false);
        await context.Response.WriteAsJsonAsync(answer, WireJson.Default.PicturesAnswer, cancellationToken: context.RequestAborted).ConfigureAwait(false);
    }

    private static Task StreamAsync(HttpContext context, RunningGeneration generation, ImageCall call) =>
        EventStream.WriteAsync(context, generation, first: 0, happened => call.TellsSteps || happened.Step is null || happened.Bytes is not null);

    private static Task AcceptAsync(HttpContext context, RunningGeneration generation)
    {
        string path = $"{context.Request.PathBase}{context.Request.Path}";
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.Headers["Preference-Applied"] = "respond-async";
        context.Response.Headers.Location = $"{path[..path.LastIndexOf('/')]}/generations/{generation.Id}";
        return context.Response.WriteAsJsonAsync(generation.State(), WireJson.Default.StateAnswer, cancellationToken: context.RequestAborted);
    }
}
