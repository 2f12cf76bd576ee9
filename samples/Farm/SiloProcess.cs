using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace DiffusionSharp.Samples;

/// <summary>A silo in a process of its own.</summary>
internal sealed class SiloProcess : IDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private SiloProcess(Process process, int port) => (_process, Port) = (process, port);

    /// <summary>Its silo port, which its address has.</summary>
    public int Port { get; }

    /// <summary>Starts a silo, on ports that nobody has, and waits until it works.</summary>
    public static async Task<SiloProcess> StartAsync(FarmSettings settings, CancellationToken cancellationToken = default)
    {
        settings = (settings with { SiloPort = 0, GatewayPort = 0 }).WithPorts();
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        Process process = Process.Start(new ProcessStartInfo(host, ["exec", typeof(SiloProcess).Assembly.Location, .. settings.ToArguments()]) { RedirectStandardOutput = true })!;
        var silo = new SiloProcess(process, settings.SiloPort);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(LongestStart);
            while (await process.StandardOutput.ReadLineAsync(patience.Token) != SiloMode.Ready)
            {
                if (process.HasExited)
                {
                    throw new InvalidOperationException("A silo ended before it worked; what it said is above.");
                }
            }

            return silo;
        }
        catch
        {
            silo.Dispose();
            throw;
        }
    }

    /// <summary>Whether it is the silo of this address.</summary>
    public bool Is(string? address) => address?.Contains($":{Port.ToString(CultureInfo.InvariantCulture)}@", StringComparison.Ordinal) == true;

    /// <summary>Ends it as a crash does.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Sends it a signal of Unix: KILL, TERM or STOP.</summary>
    public void Send(string signal)
    {
        if (signal == "KILL")
        {
            Kill();
        }
        else if (SendSignal(_process.Id, signal == "TERM" ? 15 : 19) != 0)
        {
            throw new InvalidOperationException($"The silo does not take the signal {signal}.");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SendSignal(int process, int signal);
}
