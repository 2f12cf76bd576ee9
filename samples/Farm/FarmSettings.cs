using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace DiffusionSharp.Samples;

/// <summary>Where the farm is, and what this process is in it.</summary>
internal sealed record FarmSettings
{
    public string? Redis { get; init; }

    public string? Sqlite { get; init; }

    public int PrimaryPort { get; init; }

    public int SiloPort { get; init; }

    public int GatewayPort { get; init; }

    public required string Blobs { get; init; }

    public int Turns { get; init; } = 2;

    public bool IsPatient { get; init; }

    /// <summary>Whether this silo draws, or only holds jobs and queues.</summary>
    public bool Works { get; init; } = true;

    /// <summary>A port that nobody has.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The same with ports in place of 0.</summary>
    public FarmSettings WithPorts() => this with { SiloPort = SiloPort == 0 ? FreePort() : SiloPort, GatewayPort = GatewayPort == 0 ? FreePort() : GatewayPort };

    /// <summary>The arguments of a silo with these settings.</summary>
    public string[] ToArguments() =>
    [
        "silo",
        .. Redis is null ? [] : (string[])["--redis", Redis],
        .. Sqlite is null ? [] : (string[])["--sqlite", Sqlite],
        .. IsPatient ? (string[])["--patient"] : [],
        "--primary", Text(PrimaryPort), "--silo-port", Text(SiloPort), "--gateway-port", Text(GatewayPort), "--blobs", Blobs, "--turns", Text(Turns),
    ];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
