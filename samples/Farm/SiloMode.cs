using Microsoft.Extensions.Hosting;

namespace DiffusionSharp.Samples;

/// <summary>A silo, until Ctrl+C or SIGTERM: then it saves its jobs and leaves them to others.</summary>
internal static class SiloMode
{
    /// <summary>What a silo says when it takes jobs.</summary>
    public const string Ready = "The silo works.";

    public static async Task RunAsync(FarmSettings settings, CancellationToken cancellationToken)
    {
        using IHost host = FarmHost.Silo(settings.WithPorts());
        await host.StartAsync(cancellationToken);
        Console.WriteLine(Ready);
        await host.WaitForShutdownAsync(cancellationToken);
    }
}
