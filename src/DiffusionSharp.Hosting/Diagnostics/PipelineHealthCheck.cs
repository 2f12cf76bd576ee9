using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DiffusionSharp.Hosting.Diagnostics;

/// <summary>Healthy when no pipeline is being loaded or has failed.</summary>
internal sealed class PipelineHealthCheck(IDiffusionPipelineProvider pipelines) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        (string Name, PipelineStatus Status)[] all = [.. pipelines.Models.Select(model => (model.Name, pipelines.GetStatus(model.Name)))];
        string[] problems = [.. all.Select(one => Problem(one.Name, one.Status)).OfType<string>()];
        return Task.FromResult(new HealthCheckResult(
            problems.Length == 0 ? HealthStatus.Healthy : context.Registration.FailureStatus,
            problems.Length == 0 ? "Pipelines are ready." : string.Join(' ', problems),
            all.Select(one => one.Status.Error).OfType<Exception>().FirstOrDefault(),
            all.ToDictionary(one => one.Name, one => (object)one.Status.State.ToString())));
    }

    private static string? Problem(string name, PipelineStatus status) => status.State switch
    {
        PipelineState.Loading => $"The pipeline '{name}' is being loaded.",
        PipelineState.Failed => $"The pipeline '{name}' could not be loaded: {status.Error!.Message}",
        _ => null,
    };
}
