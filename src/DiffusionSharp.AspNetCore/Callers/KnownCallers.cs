using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DiffusionSharp.AspNetCore;

/// <summary>Keeps endpoints for callers that <see cref="ImageEndpointOptions"/> knows.</summary>
public static class KnownCallers
{
    /// <summary>
    /// Refuses requests to a name that is not the server's (400), from pages of other origins (403), without a key where keys are asked for (401), and with bodies that
    /// are too large (413). <see cref="ImageEndpoints.MapImageGeneration"/> does it for its own endpoints; this is for others of the same app.
    /// </summary>
    /// <typeparam name="TBuilder">The kind of endpoints.</typeparam>
    /// <param name="endpoints">The endpoints.</param>
    /// <returns>The endpoints.</returns>
    public static TBuilder RequireKnownCaller<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.Finally(endpoint =>
        {
            ImageEndpointOptions options = endpoint.ApplicationServices.GetRequiredService<IOptions<ImageEndpointOptions>>().Value;
            ILogger logger = endpoint.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(KnownCallers).Namespace!);
            var guard = new CallerGuard(options);
            RequestDelegate next = endpoint.RequestDelegate!;
            endpoint.RequestDelegate = context => GuardAsync(context, next, guard, options, logger);
        });
        return endpoints;
    }

    private static Task GuardAsync(HttpContext context, RequestDelegate next, CallerGuard guard, ImageEndpointOptions options, ILogger logger)
    {
        ApiException? refusal = guard.Refusal(context.Request) ?? TooLarge(context, options);
        if (refusal is null)
        {
            return next(context);
        }

        logger.CallerRefused(context.Request.Path, refusal.Message);
        return ErrorAnswers.WriteAsync(context, refusal);
    }

    // A body that does not say its length is stopped by the server while it comes in.
    private static ApiException? TooLarge(HttpContext context, ImageEndpointOptions options)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = options.MaxRequestBytes;
        }

        return context.Request.ContentLength > options.MaxRequestBytes
            ? new ApiException(StatusCodes.Status413PayloadTooLarge, $"The body has {context.Request.ContentLength} bytes, but at most {options.MaxRequestBytes} are allowed.") { Code = "request_too_large" }
            : null;
    }
}
