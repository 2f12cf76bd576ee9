using DiffusionSharp.Hosting.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace DiffusionSharp.Hosting;

/// <summary>Adds pipelines to the health checks of an application.</summary>
public static class HealthCheckExtensions
{
    /// <summary>
    /// Adds a check named <c>diffusion</c> with the tag <c>ready</c>: unhealthy while a pipeline is being loaded, or when one could not be, and then it
    /// says why. A pipeline that nobody has asked for yet is healthy.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <returns>The health checks.</returns>
    public static IHealthChecksBuilder AddDiffusionPipelines(this IHealthChecksBuilder builder) => builder.AddCheck<PipelineHealthCheck>("diffusion", tags: ["ready"]);
}
