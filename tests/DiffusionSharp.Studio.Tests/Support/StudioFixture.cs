using DiffusionSharp.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace DiffusionSharp.Studio.Tests.Support;

/// <summary>One studio and one browser for all tests; each test has a page with a profile of its own.</summary>
public sealed class StudioFixture : IAsyncLifetime
{
    private readonly WebApplication _app = StudioServer.Build(port: 0);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public Uri Address { get; private set; } = null!;

    internal DeviceLoad Load => _app.Services.GetRequiredService<IDiffusionPipelineProvider>().GetLoad("emoji");

    public Task<IDiffusionPipeline> PipelineAsync() => _app.Services.GetRequiredService<IDiffusionPipelineProvider>().GetAsync("emoji");

    public async Task InitializeAsync()
    {
        await _app.StartAsync();
        Address = new Uri($"http://localhost:{StudioServer.PortOf(_app)}/");
        if (Chromium.Find() is not null)
        {
            // Other tests may have the processor.
            Assertions.SetDefaultExpectTimeout(StudioPage.Patience);
            _playwright = await Playwright.CreateAsync();
            _browser = await Chromium.LaunchAsync(_playwright);
        }
    }

    /// <summary>The studio in a browser.</summary>
    internal async Task<StudioPage> OpenAsync(int width = 1280, int height = 860, ColorScheme scheme = ColorScheme.Light)
    {
        IBrowserContext context = await _browser!.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, AcceptDownloads = true });
        var page = new StudioPage(await context.NewPageAsync(), Address);
        await page.GoToAsync("create");
        return page;
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        await _app.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class OneStudio : ICollectionFixture<StudioFixture>
{
    public const string Name = "studio";
}
