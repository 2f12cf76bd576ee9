using System.Globalization;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace DiffusionSharp.Studio.Tests.Support;

/// <summary>The studio's page as somebody uses it. Closing it fails where the page complained or asked elsewhere.</summary>
internal sealed class StudioPage : IAsyncDisposable
{
    /// <summary>How long anything may take, in milliseconds.</summary>
    public const float Patience = 60_000;

    private readonly Uri _address;
    // Such as a breach of the page's policy, or whom else it asked.
    private readonly List<string> _complaints = [];

    public StudioPage(IPage page, Uri address)
    {
        (Page, _address) = (page, address);
        page.SetDefaultTimeout(Patience);
        page.Console += (_, message) => Note(message.Type == "error", message.Text);
        page.PageError += (_, error) => Note(true, error);
        page.Request += (_, request) => Note(!request.Url.StartsWith(address.AbsoluteUri, StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal), $"asked for {request.Url}");
    }

    public IPage Page { get; }

    public ILocator Find(string selector) => Page.Locator(selector);

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public async Task GoToAsync(string view)
    {
        await Page.GotoAsync(new Uri(_address, $"#/{view}").AbsoluteUri);
        await Find("body[data-ready]").WaitForAsync();
        await Find($"#{view}").WaitForAsync();
    }

    /// <summary>Moves a slider, as its arrows do.</summary>
    public Task SlideAsync(string selector, double value) => Find(selector).EvaluateAsync(
        "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input', { bubbles: true })); }", value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Draws a picture and waits for it.</summary>
    public async Task DrawAsync(string prompt, int seed, int steps)
    {
        await Find("#prompt").FillAsync(prompt);
        await Find("#seed").FillAsync(seed.ToString(CultureInfo.InvariantCulture));
        await SlideAsync("#steps", steps);
        await Button("Generate").ClickAsync();
        await StatusAsync("#status", "Done in");
    }

    /// <summary>Waits until the page says how it went.</summary>
    public Task StatusAsync(string selector, string text) => Assertions.Expect(Find(selector)).ToContainTextAsync(text);

    /// <summary>The file behind the link that saves a picture.</summary>
    public async Task<byte[]> SaveAsync()
    {
        IDownload download = await Page.RunAndWaitForDownloadAsync(() => Find("#wall a[download]").First.ClickAsync());
        return await File.ReadAllBytesAsync(await download.PathAsync());
    }

    /// <summary>Fails where axe finds something, or where the page is wider than its window.</summary>
    public async Task RequireAccessibleAsync()
    {
        AxeResult result = await Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        Assert.True(result.Violations.Length == 0, string.Join('\n', result.Violations.Select(violation => $"{violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}")));
        bool fits = await Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth");
        string[] wide = await Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('body *')].filter(element => element.getBoundingClientRect().right > innerWidth).map(element => element.cloneNode().outerHTML)");
        Assert.True(fits, $"The page is wider than its window: {string.Join(" | ", wide)}");
    }

    /// <summary>A complaint that the test brought about.</summary>
    public async Task ExpectComplaintAsync(string text)
    {
        for (int i = 0; !_complaints.Exists(complaint => complaint.Contains(text, StringComparison.Ordinal)); i++)
        {
            Assert.True(i < 1000, $"Nobody complained of '{text}'.");
            await Task.Delay(10);
        }

        _complaints.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await Page.Context.CloseAsync();
        Assert.Empty(_complaints);
    }

    private void Note(bool isComplaint, string text)
    {
        if (isComplaint)
        {
            _complaints.Add(text);
        }
    }
}
