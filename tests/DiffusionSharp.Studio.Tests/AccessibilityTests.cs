using DiffusionSharp.Studio.Tests.Support;
using Microsoft.Playwright;

namespace DiffusionSharp.Studio.Tests;

/// <summary>axe finds nothing, in any view, by day and by night, on a desk and on a phone; and the keyboard reaches everything.</summary>
[Collection(OneStudio.Name)]
public class AccessibilityTests(StudioFixture studio)
{
    [BrowserTheory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(320, ColorScheme.Dark)]
    public async Task Axe_finds_nothing(int width, ColorScheme scheme)
    {
        await using StudioPage page = await studio.OpenAsync(width, scheme: scheme);
        await page.DrawAsync("a red apple", seed: 1, steps: 2);
        await page.RequireAccessibleAsync();
        await page.Page.GetByText("More options").ClickAsync();
        await page.Button("Start from it").ClickAsync();
        await page.Button("Paint a mask").ClickAsync();
        await page.Find("#area").SelectOptionAsync("centre");
        await page.RequireAccessibleAsync();

        await page.GoToAsync("compare");
        await page.RequireAccessibleAsync();
        await page.GoToAsync("process");
        await page.SlideAsync("#back-steps", 2);
        await page.Button("Draw").ClickAsync();
        await page.StatusAsync("#back-status", "2 steps.");
        await page.RequireAccessibleAsync();
        await page.GoToAsync("gallery");
        await page.RequireAccessibleAsync();
    }

    [BrowserFact]
    public async Task The_keyboard_goes_through_the_page_in_its_order()
    {
        await using StudioPage page = await studio.OpenAsync();
        List<string> reached = [];
        for (int i = 0; i < 9; i++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            reached.Add(await page.Page.EvaluateAsync<string>("() => document.activeElement.id || document.activeElement.textContent.trim()"));
        }

        Assert.Equal(["Skip to the work", "DiffusionSharp Studio", "Create", "Compare", "Process", "Gallery", "model", "theme", "prompt"], reached);
        await page.Find(".skip").FocusAsync();
        await page.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("main", await page.Page.EvaluateAsync<string>("() => document.activeElement.id"));
    }

    [BrowserFact]
    public async Task Dark_and_light_follow_the_system_until_somebody_chooses()
    {
        await using StudioPage page = await studio.OpenAsync(scheme: ColorScheme.Dark);
        await Assertions.Expect(page.Find("html")).ToHaveAttributeAsync("data-theme", "dark");
        await page.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await Assertions.Expect(page.Find("html")).ToHaveAttributeAsync("data-theme", "light");
        await page.Button("Dark").ClickAsync();
        await Assertions.Expect(page.Button("Dark")).ToHaveAttributeAsync("aria-pressed", "true");
        await page.Page.ReloadAsync();
        await Assertions.Expect(page.Find("html")).ToHaveAttributeAsync("data-theme", "dark");
    }
}
