using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DiffusionSharp.AspNetCore;

/// <summary>Answers those who ask for a generation that was begun.</summary>
internal sealed class GenerationHandlers(GenerationRegistry generations, ErrorAnswers errors)
{
    public Task GetAsync(HttpContext context) => errors.AnswerAsync(context, () =>
        context.Response.WriteAsJsonAsync(Find(context).State(), WireJson.Default.StateAnswer, cancellationToken: context.RequestAborted));

    public Task EventsAsync(HttpContext context) => errors.AnswerAsync(context, () =>
    {
        // A browser that reconnects says what it had.
        string last = context.Request.Headers["Last-Event-ID"].ToString();
        int first = int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < int.MaxValue ? number + 1 : 0;
        return EventStream.WriteAsync(context, Find(context), first, _ => true);
    });

    public Task DeleteAsync(HttpContext context) => errors.AnswerAsync(context, () =>
    {
        RunningGeneration generation = Find(context);
        generation.Cancel();
        generations.Forget(generation);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    });

    private RunningGeneration Find(HttpContext context)
    {
        string id = (string)context.GetRouteValue("id")!;
        return generations.TryGet(id, out RunningGeneration? generation)
            ? generation
            : throw new ApiException(StatusCodes.Status404NotFound, $"There is no generation '{id}': it was never begun, or has ended and is no longer remembered.") { Code = "generation_not_found" };
    }
}
