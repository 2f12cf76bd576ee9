using DiffusionSharp.Studio.Tests.Support;
using Microsoft.Playwright;

namespace DiffusionSharp.Studio.Tests;

/// <summary>The pictures of docs/studio.md; eng/docs-pictures.sh says where to with STUDIO_PICTURES.</summary>
[Collection(OneStudio.Name)]
public class ScreenshotTests(StudioFixture studio)
{
    [BrowserFact]
    public async Task The_guide_has_its_pictures()
    {
        string? wanted = Environment.GetEnvironmentVariable("STUDIO_PICTURES");
        string folder = wanted ?? Directory.CreateTempSubdirectory("studio-").FullName;
        int steps = wanted is null ? 3 : 30;

        await using StudioPage page = await studio.OpenAsync(width: 1200, height: 800);
        await page.DrawAsync("a red apple", seed: 1, steps);
        await ShootAsync(page, folder, "studio.png");

        await page.Button("Dark").ClickAsync();
        await page.GoToAsync("process");
        await page.Button("Dissolve").ClickAsync();
        await page.StatusAsync("#forward-status", "41 moments");
        await page.SlideAsync("#forward-at", 12);
        await ShootAsync(page, folder, "studio-process.png");

        await page.Page.SetViewportSizeAsync(390, 780);
        await page.GoToAsync("create");
        await page.DrawAsync("a red heart", seed: 5, steps);
        await ShootAsync(page, folder, "studio-phone.png");

        if (wanted is null)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task ShootAsync(StudioPage page, string folder, string name)
    {
        // Nothing under the mouse, nothing focused.
        await page.Page.Mouse.MoveAsync(0, 0);
        await page.Page.EvaluateAsync("() => { document.activeElement.blur(); scrollTo(0, 0); }");
        byte[] picture = await page.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name), Animations = ScreenshotAnimations.Disabled });
        Assert.True(picture.Length > 20_000, $"{name} has {picture.Length} bytes.");
    }
}
