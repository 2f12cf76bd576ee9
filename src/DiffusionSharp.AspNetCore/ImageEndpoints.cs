using DiffusionSharp.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DiffusionSharp.AspNetCore;

/// <summary>Image generation over HTTP, as OpenAI's API has it (platform.openai.com/docs/api-reference/images), so that its clients can draw with models of one's own.</summary>
public static class ImageEndpoints
{
    /// <summary>
    /// Maps, below a prefix: <c>POST images/generations</c>, <c>images/edits</c> and <c>images/variations</c>, <c>GET models</c> and <c>models/NAME</c>; and
    /// of a generation that runs, <c>GET images/generations/ID</c> and <c>ID/events</c>, and <c>DELETE</c>. All are for callers that
    /// <see cref="ImageEndpointOptions"/> knows (<see cref="KnownCallers.RequireKnownCaller"/>).
    /// </summary>
    /// <param name="endpoints">The app, with models from <c>services.AddDiffusionPipeline</c>. Options are those of <c>services.Configure&lt;ImageEndpointOptions&gt;</c>.</param>
    /// <param name="prefix">Where the endpoints are; <c>/v1</c> for clients that know nothing else.</param>
    /// <returns>The group of the endpoints, for further conventions.</returns>
    /// <exception cref="InvalidOperationException">The services have no models.</exception>
    public static RouteGroupBuilder MapImageGeneration(this IEndpointRouteBuilder endpoints, string prefix = "/v1")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        IServiceProvider services = endpoints.ServiceProvider;
        IDiffusionPipelineProvider models = services.GetService<IDiffusionPipelineProvider>()
            ?? throw new InvalidOperationException("There is no model to draw with: add one with services.AddDiffusionPipeline(...).");
        ImageEndpointOptions options = services.GetRequiredService<IOptions<ImageEndpointOptions>>().Value;
        ILogger logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ImageEndpoints).Namespace!);

        var errors = new ErrorAnswers(logger);
        var loader = new ModelLoader(models, errors);
        var generations = new GenerationRegistry(models, options, errors);
        var creation = new CreationHandlers(new CallReader(models, options), new CallRequests(options), loader, generations, errors);
        var running = new GenerationHandlers(generations, errors);
        var listing = new ModelHandlers(models, loader, errors);

        RouteGroupBuilder group = endpoints.MapGroup(prefix);
        group.MapPost("/images/generations", creation.GenerateAsync);
        group.MapPost("/images/edits", creation.EditAsync);
        group.MapPost("/images/variations", creation.VaryAsync);
        group.MapGet("/images/generations/{id}", running.GetAsync);
        group.MapGet("/images/generations/{id}/events", running.EventsAsync);
        group.MapDelete("/images/generations/{id}", running.DeleteAsync);
        group.MapGet("/models", listing.ListAsync);
        group.MapGet("/models/{name}", listing.GetAsync);
        return group.RequireKnownCaller();
    }
}
