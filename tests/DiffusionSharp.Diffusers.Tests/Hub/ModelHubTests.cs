using System.Text;
using DiffusionSharp.Diffusers.Tests.Support;

namespace DiffusionSharp.Diffusers.Tests.Hub;

/// <summary>Models are downloaded from a hub that behaves, and from one that does not.</summary>
public sealed class ModelHubTests : IDisposable
{
    private const string Weights = "unet/diffusion_pytorch_model.safetensors";

    private static readonly byte[] Content = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 31))];

    private readonly TemporaryFolder _folder = new();
    private readonly TestHub _hub = new();

    public ModelHubTests()
    {
        _hub.Files[Weights] = Content;
        _hub.Files["unet/config.json"] = "{}"u8.ToArray();
        _hub.Start();
    }

    public void Dispose()
    {
        _hub.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Files_lie_in_the_cache_as_other_tools_have_it()
    {
        string folder = await DownloadAsync("unet/*");

        string repository = Path.Combine(_folder.Path, "models--owner--name");
        Assert.Equal(Path.Combine(repository, "snapshots", TestHub.Commit), folder);
        Assert.Equal(TestHub.Commit, await File.ReadAllTextAsync(Path.Combine(repository, "refs", "main")));
        Assert.Equal(Content, await File.ReadAllBytesAsync(Path.Combine(folder, Weights)));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(repository, "blobs")).Length);
        if (!OperatingSystem.IsWindows())
        {
            string target = new FileInfo(Path.Combine(folder, "unet", "config.json")).LinkTarget!;
            // As git names "{}".
            Assert.Equal(Path.Combine("..", "..", "..", "blobs", "9e26dfeeb6e641a33dae4961196235bdb965b21b"), target);
        }
    }

    [Fact]
    public async Task What_is_there_is_not_asked_for_again()
    {
        await DownloadAsync(Weights);
        _hub.Requests.Clear();

        await DownloadAsync(Weights);
        Assert.Single(_hub.Requests);
        await DownloadAsync(TestHub.Commit, [Weights], new ModelHubOptions());
        Assert.Single(_hub.Requests);
    }

    [Fact]
    public async Task Progress_is_told_and_ends_with_all_bytes()
    {
        var told = new List<DownloadProgress>();

        await DownloadAsync("main", ["unet/*"], new ModelHubOptions(), new Reports(told.Add));

        Assert.Equal(new DownloadProgress("unet/config.json", Content.Length + 2, Content.Length + 2), told[^1]);
        Assert.Equal(told.Select(progress => progress.Received).Order(), told.Select(progress => progress.Received));
    }

    [Fact]
    public async Task A_hub_that_breaks_off_is_asked_for_the_rest()
    {
        _hub.Answer = async request =>
        {
            if (!IsWeights(request))
            {
                return false;
            }

            // A third of the file each time.
            int end = Math.Min(request.From + 100_000, Content.Length);
            await request.SendHeadAsync(request.From == 0 ? 200 : 206, Content.Length - request.From, request.From == 0 ? "" : $"Content-Range: bytes {request.From}-{Content.Length - 1}/{Content.Length}\r\n");
            await request.Stream.WriteAsync(Content.AsMemory(request.From, end - request.From));
            return true;
        };

        string folder = await DownloadAsync(Weights);

        Assert.Equal(Content, await File.ReadAllBytesAsync(Path.Combine(folder, Weights)));
        Assert.Equal([0, 100_000, 200_000], _hub.Requests.Where(IsWeights).Select(request => request.From));
    }

    [Fact]
    public async Task A_download_that_was_stopped_goes_on_where_it_ended()
    {
        using var stop = new CancellationTokenSource();
        _hub.Answer = async request =>
        {
            if (!IsWeights(request) || request.From > 0)
            {
                return false;
            }

            await request.SendHeadAsync(200, Content.Length);
            await request.Stream.WriteAsync(Content.AsMemory(0, 100_000));
            await Task.Delay(Timeout.Infinite, stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        var progress = new Reports(progress =>
        {
            if (progress.Received == 100_000)
            {
                stop.Cancel();
            }
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DownloadAsync("main", [Weights], new ModelHubOptions(), progress, stop.Token));
        string folder = await DownloadAsync(Weights);

        Assert.Equal(Content, await File.ReadAllBytesAsync(Path.Combine(folder, Weights)));
        Assert.Equal(100_000, _hub.Requests[^1].From);
    }

    [Fact]
    public async Task A_hub_that_does_not_know_parts_of_files_is_asked_from_the_beginning()
    {
        int asked = 0;
        _hub.Answer = async request =>
        {
            if (IsWeights(request))
            {
                await request.SendHeadAsync(200, Content.Length);
                await request.Stream.WriteAsync(Content.AsMemory(0, asked++ == 0 ? 5_000 : Content.Length));
            }

            return IsWeights(request);
        };

        string folder = await DownloadAsync(Weights);

        Assert.Equal(Content, await File.ReadAllBytesAsync(Path.Combine(folder, Weights)));
    }

    [Fact]
    public async Task A_slow_hub_is_waited_for_and_a_silent_one_is_not()
    {
        int asked = 0;
        _hub.Answer = async request =>
        {
            if (!IsWeights(request) || asked++ > 0)
            {
                return false;
            }

            await request.SendHeadAsync(200, Content.Length);
            for (int i = 0; i < 4; i++)
            {
                await request.Stream.WriteAsync(Content.AsMemory(i * 1000, 1000));
                await Task.Delay(50);
            }

            await Task.Delay(2_000);
            return true;
        };

        string folder = await DownloadAsync("main", [Weights], new ModelHubOptions { Silence = TimeSpan.FromSeconds(1) });

        Assert.Equal(Content, await File.ReadAllBytesAsync(Path.Combine(folder, Weights)));
        Assert.Equal(4_000, _hub.Requests[^1].From);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task An_overloaded_hub_is_asked_again(int status)
    {
        int asked = 0;
        _hub.Answer = async request =>
        {
            bool isRefused = asked++ % 2 == 0;
            if (isRefused)
            {
                await request.SendAsync(status, []);
            }

            return isRefused;
        };

        string folder = await DownloadAsync(Weights);

        Assert.Equal(Content, await File.ReadAllBytesAsync(Path.Combine(folder, Weights)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_hub_that_lies_about_a_length(int more)
    {
        _hub.Answer = async request =>
        {
            if (IsWeights(request))
            {
                await request.SendHeadAsync(200, Content.Length + more);
                await request.Stream.WriteAsync(Content);
            }

            return IsWeights(request);
        };

        ModelDownloadException error = await Assert.ThrowsAsync<ModelDownloadException>(() => DownloadAsync(Weights));

        Assert.Contains($"{Content.Length + more} bytes, but the hub's list says {Content.Length}", error.Message, StringComparison.Ordinal);
        NothingIsThere();
    }

    [Fact]
    public async Task A_hub_that_sends_without_end()
    {
        _hub.Answer = async request =>
        {
            if (IsWeights(request))
            {
                await request.Stream.WriteAsync("HTTP/1.1 200 x\r\nConnection: close\r\n\r\n"u8.ToArray());
                await request.Stream.WriteAsync(Content);
                await request.Stream.WriteAsync(Content);
            }

            return IsWeights(request);
        };

        ModelDownloadException error = await Assert.ThrowsAsync<ModelDownloadException>(() => DownloadAsync(Weights));

        Assert.Contains("more came", error.Message, StringComparison.Ordinal);
        NothingIsThere();
    }

    [Fact]
    public async Task Content_that_is_another_is_thrown_away()
    {
        _hub.Answer = async request =>
        {
            if (IsWeights(request))
            {
                await request.SendAsync(200, new byte[Content.Length]);
            }

            return IsWeights(request);
        };

        ModelDownloadException error = await Assert.ThrowsAsync<ModelDownloadException>(() => DownloadAsync(Weights));

        Assert.Contains("another hash", error.Message, StringComparison.Ordinal);
        NothingIsThere();
        _hub.Answer = null;
        Assert.Equal(Content, await File.ReadAllBytesAsync(Path.Combine(await DownloadAsync(Weights), Weights)));
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_not_to_where_it_leads()
    {
        using var elsewhere = new TestHub();
        elsewhere.Answer = async request =>
        {
            await request.SendAsync(Content);
            return true;
        };
        elsewhere.Start();
        _hub.Answer = async request =>
        {
            if (IsWeights(request))
            {
                await request.SendAsync(302, [], $"Location: {elsewhere.Address}content?signature=1\r\n");
            }

            return IsWeights(request);
        };

        await DownloadAsync("main", [Weights], new ModelHubOptions { Token = "secret" });

        Assert.All(_hub.Requests, request => Assert.Equal("Bearer secret", request.Headers["Authorization"]));
        Assert.DoesNotContain("Authorization", Assert.Single(elsewhere.Requests).Headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.DoesNotContain("secret", new ModelHubOptions { Token = "secret" }.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_leads_in_circles()
    {
        _hub.Answer = async request =>
        {
            await request.SendAsync(307, [], $"Location: {request.Address}\r\n");
            return true;
        };

        Assert.Contains("without end", (await Assert.ThrowsAsync<ModelDownloadException>(() => DownloadAsync(Weights))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../evil")]
    [InlineData("unet/../../evil")]
    [InlineData("/evil")]
    [InlineData("unet//evil")]
    [InlineData("C:\\evil")]
    [InlineData("unet/evil\u0000")]
    [InlineData("unet/..\\evil")]
    [InlineData("...")]
    [InlineData("")]
    public async Task Names_that_lead_elsewhere(string name)
    {
        _hub.Files[name] = Content;

        ModelDownloadException error = await Assert.ThrowsAsync<ModelDownloadException>(() => DownloadAsync("*"));

        Assert.Contains("no file in a folder", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "models--owner--name")));
    }

    [Theory]
    [InlineData("0123")]
    [InlineData("../../../../evil")]
    [InlineData("9E26DFEEB6E641A33DAE4961196235BDB965B21B")]
    public async Task Hashes_that_are_none(string hash)
    {
        _hub.Listed = path => new { rfilename = path, size = 2, blobId = hash };

        await Assert.ThrowsAsync<ModelDownloadException>(() => DownloadAsync("*"));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"sha":"main","siblings":[]}""")]
    [InlineData("""{"sha":"0123456789abcdef0123456789abcdef01234567","siblings":[{"rfilename":"a"}]}""")]
    [InlineData("""{"sha":7}""")]
    public async Task Lists_that_are_none(string list)
    {
        _hub.Answer = async request =>
        {
            await request.SendAsync(200, Encoding.UTF8.GetBytes(list));
            return true;
        };

        await Assert.ThrowsAsync<ModelDownloadException>(() => DownloadAsync("*"));
    }

    [Theory]
    [InlineData(401, "HF_TOKEN")]
    [InlineData(403, "HF_TOKEN")]
    [InlineData(404, "does not have it")]
    [InlineData(418, "418")]
    public async Task A_hub_that_refuses(int status, string expected)
    {
        _hub.Answer = async request =>
        {
            await request.SendAsync(status, []);
            return true;
        };

        Assert.Contains(expected, (await Assert.ThrowsAsync<ModelDownloadException>(() => DownloadAsync("*"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name", "main")]
    [InlineData("owner/name/more", "main")]
    [InlineData("../name", "main")]
    [InlineData("owner/name", "../main")]
    [InlineData("owner/name", "refs//pr")]
    public async Task Names_of_repositories_that_are_none(string repository, string revision)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => ModelHub.DownloadAsync(repository, revision));
    }

    [Fact]
    public async Task Addresses_that_are_not_encrypted_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => ModelHub.DownloadAsync("owner/name", options: new ModelHubOptions { Endpoint = new Uri("http://example.org"), CacheFolder = _folder.Path }));
    }

    private static bool IsWeights(HubRequest request) => request.Address.EndsWith(Weights, StringComparison.Ordinal);

    private Task<string> DownloadAsync(string files) => DownloadAsync("main", [files], new ModelHubOptions());

    private Task<string> DownloadAsync(string revision, string[] files, ModelHubOptions options, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        ModelHub.DownloadAsync("owner/name", revision, files, progress, options with { Endpoint = _hub.Address, CacheFolder = _folder.Path, Pause = TimeSpan.FromMilliseconds(1), Retries = 2 }, cancellationToken);

    private void NothingIsThere()
    {
        string repository = Path.Combine(_folder.Path, "models--owner--name");
        Assert.False(Directory.Exists(Path.Combine(repository, "snapshots")));
        Assert.All(Directory.GetFiles(Path.Combine(repository, "blobs")), file => Assert.Equal(0, new FileInfo(file).Length));
    }

    private sealed class Reports(Action<DownloadProgress> report) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => report(value);
    }
}
