using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DiffusionSharp.Hosting.Lifetime;

/// <summary>Loads pipelines when the application starts, one after another, those that fail again after a while. What fails is in the log and in the health check, and stops nobody.</summary>
internal sealed class WarmUpService(IDiffusionPipelineProvider pipelines, IOptionsMonitor<DiffusionPipelineOptions> options, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string[] left = [.. pipelines.Models.Select(model => model.Name).Where(name => options.Get(name).WarmUp)];
        TimeSpan pause = FirstPause;
        while (true)
        {
            foreach (string name in left)
            {
                await ((Task)pipelines.GetAsync(name, stoppingToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            left = [.. left.Where(name => pipelines.GetStatus(name).State != PipelineState.Ready)];
            if (left.Length == 0 || stoppingToken.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(false);
            pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks));
        }
    }
}
