using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using DiffusionSharp.Orleans.Tests.Support;
using DiffusionSharp.Samples;

namespace DiffusionSharp.Orleans.Tests.Processes;

/// <summary>A Redis server on this machine, whose data go with it.</summary>
internal sealed class RedisServer : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("redis-");
    private readonly Process _process;
    private readonly int _port = FarmSettings.FreePort();

    private RedisServer()
    {
        string[] arguments = ["--port", _port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _folder.FullName];
        _process = Process.Start(new ProcessStartInfo(Program!, arguments) { RedirectStandardOutput = true })!;
    }

    /// <summary>The program; null where it is not in the PATH.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "redis-server")).FirstOrDefault(File.Exists);

    public string Address => $"127.0.0.1:{_port}";

    /// <summary>Starts a server, and waits until it answers.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        using var patience = new CancellationTokenSource(TestFarm.Patience);
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync("127.0.0.1", server._port, patience.Token);
                return server;
            }
            catch (SocketException)
            {
                await Task.Delay(50, patience.Token);
            }
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }
}
