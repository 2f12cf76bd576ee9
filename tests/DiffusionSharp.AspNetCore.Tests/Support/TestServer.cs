using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using DiffusionSharp.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DiffusionSharp.AspNetCore.Tests.Support;

/// <summary>An app with one small model on a loopback port of its own, and a client of it.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    public const string Model = "toy";

    private readonly WebApplication _app;

    private TestServer(WebApplication app, GatedModel model)
    {
        (_app, Toy) = (app, model);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromSeconds(60) };
    }

    public HttpClient Client { get; }

    public GatedModel Toy { get; }

    public DeviceLoad Load => _app.Services.GetRequiredService<IDiffusionPipelineProvider>().GetLoad(Model);

    /// <summary>The pipeline that the server draws with.</summary>
    public Task<IDiffusionPipeline> PipelineAsync() => _app.Services.GetRequiredService<IDiffusionPipelineProvider>().GetAsync(Model);

    public static Task<TestServer> StartAsync(Action<ImageEndpointOptions>? configure = null, int concurrency = 4, int queue = 32) => StartAsync(new GatedModel(), configure, concurrency, queue);

    public static async Task<TestServer> StartAsync(GatedModel model, Action<ImageEndpointOptions>? configure = null, int concurrency = 4, int queue = 32, Func<DiffusionPipeline>? load = null, Func<Cascade>? loadCascade = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddDiffusionPipeline(Model).Configure(options =>
        {
            options.Load = loadCascade is null ? (_, _, _) => Task.FromResult((load ?? model.Build)()) : null;
            options.LoadCascade = loadCascade is null ? null : (_, _, _) => Task.FromResult(loadCascade());
            options.WarmUp = false;
        });
        builder.Services.Configure<GenerationQueueOptions>("Cpu0", options => (options.Concurrency, options.QueueLength) = (concurrency, queue));
        builder.Services.Configure(configure ?? (_ => { }));
        WebApplication app = builder.Build();
        app.MapImageGeneration("/v1");
        await app.StartAsync();
        return new TestServer(app, model);
    }

    public Task<HttpResponseMessage> GenerateAsync(object fields, string? prefer = null) => SendAsync(Request(fields, prefer));

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

    /// <summary>A request for a picture from a prompt.</summary>
    public static HttpRequestMessage Request(object fields, string? prefer = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/images/generations")
        {
            Content = fields is string json ? new StringContent(json, Encoding.UTF8, "application/json") : JsonContent.Create(fields),
        };
        if (prefer is not null)
        {
            request.Headers.Add("Prefer", prefer);
        }

        return request;
    }

    /// <summary>A request with files and fields.</summary>
    public static HttpRequestMessage Form(string path, IEnumerable<(string Name, byte[] Bytes)> files, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent();
        foreach ((string name, byte[] bytes) in files)
        {
            form.Add(new ByteArrayContent(bytes), name, $"{name}.png");
        }

        foreach ((string name, string value) in fields)
        {
            form.Add(new StringContent(value), name);
        }

        return new HttpRequestMessage(HttpMethod.Post, path) { Content = form };
    }

    public static async Task<JsonElement> JsonAsync(HttpResponseMessage response) => await response.Content.ReadFromJsonAsync<JsonElement>();

    /// <summary>Waits until something is so; fails after a long time.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        for (int i = 0; !isSo(); i++)
        {
            Assert.True(i < 3000, "It did not become so.");
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Toy.Open();
        Client.Dispose();
        await _app.DisposeAsync();
        Toy.Dispose();
    }
}
