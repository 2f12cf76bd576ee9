using DiffusionSharp.Orleans;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DiffusionSharp.Samples;

/// <summary>A client that submits a job for each prompt, and watches them.</summary>
internal static class ClientMode
{
    public static async Task RunAsync(FarmSettings settings, string[] prompts, int steps, CancellationToken cancellationToken)
    {
        using IHost host = FarmHost.Client(settings);
        await host.StartAsync(cancellationToken);
        var farm = host.Services.GetRequiredService<GenerationFarm>();
        string run = DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", null);
        await Task.WhenAll(prompts.Select(async (prompt, i) =>
        {
            string job = $"{run}-{i}";
            await farm.SubmitAsync(job, GenerationOrder.Of(FarmHost.Model, new TextToImageRequest(prompt) { Steps = steps, Seed = i }), cancellationToken);
            await foreach (JobStatus status in farm.WatchAsync(job, 0, cancellationToken))
            {
                Console.WriteLine($"{job} '{prompt}': {status.State}, {status.Step} of {status.StepCount} steps, silo {status.Silo} {string.Join(' ', status.Pictures)}{status.Error}");
            }
        }));
        await host.StopAsync(cancellationToken);
    }
}
