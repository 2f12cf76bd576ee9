using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace DiffusionSharp.Diffusers.Tests.Support;

/// <summary>A hub on this machine with one repository, which answers byte by byte what a test wants it to.</summary>
internal sealed class TestHub : IDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    /// <summary>What a file is answered with; by default the file, or the part of it that is asked for.</summary>
    public Func<HubRequest, Task<bool>>? Answer { get; set; }

    /// <summary>The files by their paths.</summary>
    public Dictionary<string, byte[]> Files { get; } = [];

    /// <summary>Changes what the list says of a file.</summary>
    public Func<string, object?>? Listed { get; set; }

    /// <summary>All requests.</summary>
    public List<HubRequest> Requests { get; } = [];

    public Uri Address { get; private set; } = new("http://none");

    public TestHub Start()
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _ = AcceptAsync();
        return this;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = ServeAsync(client);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using NetworkStream stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
                string address = (await reader.ReadLineAsync())!.Split(' ')[1];
                var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                {
                    headers[line[..line.IndexOf(':')]] = line[(line.IndexOf(':') + 1)..].Trim();
                }

                var request = new HubRequest(Uri.UnescapeDataString(address), headers, stream);
                lock (Requests)
                {
                    Requests.Add(request);
                }

                await ServeAsync(request);
            }
            catch (IOException)
            {
                // The client has gone.
            }
        }
    }

    private async Task ServeAsync(HubRequest request)
    {
        const string Resolve = $"/resolve/{Commit}/";
        if (Answer is not null && await Answer(request))
        {
            return;
        }

        if (request.Address.StartsWith("/api/models/owner/name/revision/", StringComparison.Ordinal))
        {
            await request.SendAsync(200, JsonSerializer.SerializeToUtf8Bytes(new { sha = Commit, siblings = Files.Keys.Select(path => Listed?.Invoke(path) ?? Entry(path)) }));
        }
        else if (request.Address.IndexOf(Resolve, StringComparison.Ordinal) is >= 0 and var place && Files.TryGetValue(request.Address[(place + Resolve.Length)..], out byte[]? file))
        {
            await request.SendAsync(file);
        }
        else
        {
            await request.SendAsync(404, []);
        }
    }

    // Large files go by SHA-256, others by git's.
    private object Entry(string path)
    {
        byte[] content = Files[path];
#pragma warning disable CA5350 // It is how git names what it has, not a secret.
        string git = Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));
#pragma warning restore CA5350
        return path.EndsWith(".safetensors", StringComparison.Ordinal)
            ? new { rfilename = path, size = 0, blobId = git, lfs = new { sha256 = Convert.ToHexStringLower(SHA256.HashData(content)), size = content.Length } }
            : new { rfilename = path, size = content.Length, blobId = git };
    }
}

/// <summary>A request to a <see cref="TestHub"/>, and the way to answer it.</summary>
internal sealed record HubRequest(string Address, IReadOnlyDictionary<string, string> Headers, Stream Stream)
{
    /// <summary>The first byte that is asked for.</summary>
    public int From => Headers.TryGetValue("Range", out string? range) ? int.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture) : 0;

    /// <summary>Answers with a file, or the rest of it.</summary>
    public Task SendAsync(byte[] file) => From == 0 ? SendAsync(200, file) : SendAsync(206, file[From..], $"Content-Range: bytes {From}-{file.Length - 1}/{file.Length}\r\n");

    public async Task SendAsync(int status, byte[] body, string headers = "")
    {
        await SendHeadAsync(status, body.Length, headers);
        await Stream.WriteAsync(body);
    }

    public async Task SendHeadAsync(int status, long length, string headers = "") =>
        await Stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} x\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n"));
}
