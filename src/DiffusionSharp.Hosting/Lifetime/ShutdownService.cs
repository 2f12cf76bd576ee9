using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DiffusionSharp.Hosting.Lifetime;

/// <summary>Lets running generations end before the application does, as long as the host waits.</summary>
internal sealed class ShutdownService(HostLifetime lifetime, ILogger<ShutdownService> logger) : IHostedLifecycleService
{
    // A model call ends soon after it is told to.
    private static readonly TimeSpan ToLeave = TimeSpan.FromSeconds(5);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Before any service is stopped, so that nothing begins while others still wait for theirs.
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        lifetime.Stop();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await lifetime.Idle.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            logger.Abandoned(lifetime.Running);
            lifetime.Abandon();
            await Task.WhenAny(lifetime.Idle, Task.Delay(ToLeave, CancellationToken.None)).ConfigureAwait(false);
        }
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
