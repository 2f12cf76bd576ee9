using DiffusionSharp.ImageSharp;
using DiffusionSharp.Studio.Tests.Support;
using Microsoft.Playwright;

namespace DiffusionSharp.Studio.Tests;

/// <summary>The comparison, the process and the gallery.</summary>
[Collection(OneStudio.Name)]
public class ViewTests(StudioFixture studio)
{
    [BrowserFact]
    public async Task Schedulers_are_compared_at_one_seed()
    {
        await using StudioPage page = await studio.OpenAsync();
        await page.GoToAsync("compare");
        foreach (ILocator box in await page.Find("#compare-schedulers :checked").AllAsync())
        {
            await page.Find("#compare-schedulers :checked").First.UncheckAsync();
        }

        await page.Button("Compare").ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("Choose at least one scheduler.");
        await page.Page.GetByLabel("DDIM", new() { Exact = true }).CheckAsync();
        await page.Page.GetByLabel("Heun", new() { Exact = true }).CheckAsync();
        await page.SlideAsync("#compare-steps", 3);
        await page.Button("Compare").ClickAsync();
        await page.StatusAsync("#compare-status", "2 schedulers, 3 steps, seed 1.");

        Assert.Equal(["Heun", "DDIM"], await page.Find("#compare-cards strong").AllTextContentsAsync());
        IReadOnlyList<string> notes = await page.Find("#compare-cards figcaption span").AllTextContentsAsync();
        Assert.EndsWith("5 calls", notes[0], StringComparison.Ordinal);
        Assert.EndsWith("3 calls", notes[1], StringComparison.Ordinal);
        await page.GoToAsync("gallery");
        await Assertions.Expect(page.Find("#gallery-cards .card")).ToHaveCountAsync(2);
    }

    [BrowserTheory]
    [InlineData("pixels")]
    [InlineData("latents")]
    public async Task A_picture_dissolves(string space)
    {
        await using StudioPage page = await studio.OpenAsync();
        await page.DrawAsync("a red apple", seed: 1, steps: 2);
        await page.GoToAsync("process");
        await page.Find("#forward-picture").SelectOptionAsync(new SelectOptionValue { Index = 0 });
        await page.Find("#forward-space").SelectOptionAsync(space);
        await page.Button("Dissolve").ClickAsync();
        await page.StatusAsync("#forward-status", "41 moments, from t = 0 to 999.");
        ILocator slider = page.Find("#forward-at");
        string first = await ColorsAsync(page, "#forward-view");
        await slider.PressAsync("End");
        await Assertions.Expect(slider).ToHaveAttributeAsync("aria-valuetext", new System.Text.RegularExpressions.Regex("^t = 999: [0-9] % picture, 100 % noise$"));
        Assert.NotEqual(first, await ColorsAsync(page, "#forward-view"));
        await Assertions.Expect(page.Find("#forward-chart")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task A_picture_comes_out_step_by_step()
    {
        await using StudioPage page = await studio.OpenAsync();
        await page.GoToAsync("process");
        await page.SlideAsync("#back-steps", 4);
        await page.Button("Draw").ClickAsync();
        await page.StatusAsync("#back-status", "4 steps.");
        await Assertions.Expect(page.Find("#back-strip button")).ToHaveCountAsync(4);

        (string noisy, string clean) = (await ColorsAsync(page, "#back-noisy"), await ColorsAsync(page, "#back-clean"));
        await page.Button("Step 1").ClickAsync();
        Assert.Equal(4, new[] { noisy, clean, await ColorsAsync(page, "#back-noisy"), await ColorsAsync(page, "#back-clean") }.Distinct().Count());
        Assert.Equal("true", await page.Button("Step 1").GetAttributeAsync("aria-pressed"));
        await page.Find("#back-play").ClickAsync();
        await Assertions.Expect(page.Find("#back-at")).ToHaveValueAsync("3");
    }

    [BrowserFact]
    public async Task The_gallery_reads_back_what_pictures_say_of_themselves()
    {
        await using StudioPage page = await studio.OpenAsync();
        GenerationDefaults defaults = (await studio.PipelineAsync()).Defaults;
        await page.Find("#scheduler").SelectOptionAsync("Euler a");
        await page.DrawAsync("a red heart", seed: 9, steps: 3);
        byte[] first = await page.SaveAsync();
        await page.GoToAsync("gallery");
        await page.Find("#gallery-cards button").ClickAsync();
        ILocator dialog = page.Page.GetByRole(AriaRole.Dialog, new() { Name = "a red heart" });
        await Assertions.Expect(dialog.Locator("dl")).ToHaveTextAsync($"Seed9Steps3SamplerEuler ancestralGuidance{defaults.GuidanceScale}Size{defaults.Width} × {defaults.Height}");
        await page.RequireAccessibleAsync();

        // They outlive the page, and make the same picture again.
        await page.Page.ReloadAsync();
        await page.GoToAsync("gallery");
        await page.Find("#gallery-cards button").ClickAsync();
        await page.Button("Use these settings").ClickAsync();
        await Assertions.Expect(page.Find("#seed-random")).Not.ToBeCheckedAsync();
        await page.Button("Generate").ClickAsync();
        await page.StatusAsync("#status", "Done in");
        Assert.Equal(first, await page.SaveAsync());

        await page.GoToAsync("gallery");
        foreach (int left in (int[])[1, 0])
        {
            await page.Find("#gallery-cards button").First.ClickAsync();
            await page.Button("Remove").ClickAsync();
            await Assertions.Expect(page.Find("#gallery-cards .card")).ToHaveCountAsync(left);
        }

        await Assertions.Expect(page.Find("#gallery-empty")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task Pictures_of_other_tools_are_read_and_other_files_refused()
    {
        await using StudioPage page = await studio.OpenAsync();
        await page.GoToAsync("gallery");
        GenerationResult drawn = await (await studio.PipelineAsync()).GenerateAsync(new TextToImageRequest("a taxi") { Seed = 4, Steps = 2 });
        using var file = new MemoryStream();
        drawn.Images[0].SaveAsJpeg(file);
        await page.Find("#import").SetInputFilesAsync(new FilePayload { Name = "taxi.jpg", MimeType = "image/jpeg", Buffer = file.ToArray() });
        await page.StatusAsync("#gallery-status", "1 picture added.");
        await Assertions.Expect(page.Find("#gallery-cards .card")).ToHaveTextAsync("a taxi");

        await page.Find("#import").SetInputFilesAsync(new FilePayload { Name = "none.png", MimeType = "image/png", Buffer = "no picture"u8.ToArray() });
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("none.png");
        await Assertions.Expect(page.Find("#gallery-cards .card")).ToHaveCountAsync(1);
    }

    // A short name of what a canvas shows.
    private static Task<string> ColorsAsync(StudioPage page, string canvas) => page.Find(canvas).EvaluateAsync<string>(
        "canvas => { const d = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data; let h = 0; for (const v of d) h = (h * 31 + v) | 0; return `${canvas.width}:${h}`; }");
}
