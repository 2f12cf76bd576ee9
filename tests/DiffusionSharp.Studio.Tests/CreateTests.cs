using DiffusionSharp.ImageSharp;
using DiffusionSharp.Studio.Tests.Support;
using Microsoft.Playwright;

namespace DiffusionSharp.Studio.Tests;

[Collection(OneStudio.Name)]
public class CreateTests(StudioFixture studio)
{
    [BrowserFact]
    public async Task A_picture_is_drawn_with_the_keyboard_alone()
    {
        await using StudioPage page = await studio.OpenAsync();
        await page.Find("#prompt").FocusAsync();
        await page.Page.Keyboard.PressAsync("Control+A");
        await page.Page.Keyboard.TypeAsync("a red heart");
        await page.Find("#steps").FocusAsync();
        await page.Page.Keyboard.PressAsync("Home");
        for (int i = 1; i < 5; i++)
        {
            await page.Page.Keyboard.PressAsync("ArrowRight");
        }

        await page.Find("#seed").FocusAsync();
        await page.Page.Keyboard.PressAsync("Control+A");
        await page.Page.Keyboard.TypeAsync("7");
        await page.Find("#prompt").FocusAsync();
        await page.Page.Keyboard.PressAsync("Control+Enter");
        await page.StatusAsync("#status", "Done in");

        // What is saved is, to the last byte, what the library draws.
        byte[] expected = await (await studio.PipelineAsync()).DrawAsync(new TextToImageRequest("a red heart") { Seed = 7, Steps = 5 });
        Assert.Equal(expected, await page.SaveAsync());
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Img, new() { Name = "a red heart" })).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task The_way_from_noise_to_picture_is_a_slider()
    {
        await using StudioPage page = await studio.OpenAsync();
        await page.DrawAsync("a red apple", seed: 1, steps: 4);
        ILocator slider = page.Find("#timeline");
        Assert.Equal("3", await slider.GetAttributeAsync("max"));
        string? last = await page.Find("#wall img").GetAttributeAsync("src");
        await slider.PressAsync("Home");
        await Assertions.Expect(slider).ToHaveAttributeAsync("aria-valuetext", "step 1 of 4");
        Assert.NotEqual(last, await page.Find("#wall img").GetAttributeAsync("src"));
        await slider.PressAsync("End");
        await Assertions.Expect(slider).ToHaveAttributeAsync("aria-valuetext", "the picture");
        Assert.Equal(last, await page.Find("#wall img").GetAttributeAsync("src"));
    }

    [BrowserFact]
    public async Task All_options_reach_the_picture()
    {
        await using StudioPage page = await studio.OpenAsync();
        int multiple = (await studio.PipelineAsync()).SizeMultiple;
        await page.Find("#scheduler").SelectOptionAsync("Euler a");
        await page.SlideAsync("#guidance", 2.5);
        await page.Page.GetByText("More options").ClickAsync();
        await page.Find("#negative").FillAsync("a leaf");
        await page.Find("#width").FillAsync($"{2 * multiple}");
        await page.Find("#height").FillAsync($"{3 * multiple}");
        await page.SlideAsync("#count", 2);
        await page.Find("#format").SelectOptionAsync("webp");
        await page.DrawAsync("a house", seed: 5, steps: 3);

        Assert.Equal(2, await page.Find("#wall img").CountAsync());
        GenerationParameters made = GenerationParameters.Read(new MemoryStream(await page.SaveAsync()))!;
        var expected = new GenerationParameters { Prompt = "a house", NegativePrompt = "a leaf", Steps = 3, Sampler = made.Sampler, GuidanceScale = 2.5f, Seed = 5, Width = 2 * multiple, Height = 3 * multiple };
        Assert.Equal(expected, made);
        Assert.Contains("Euler", made.Sampler, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task A_generation_is_cancelled()
    {
        await using StudioPage page = await studio.OpenAsync();
        // So much that a slow browser still finds it running.
        await page.SlideAsync("#steps", 100);
        await page.SlideAsync("#count", 6);
        await page.Button("Generate").ClickAsync();
        await page.Find("#wall img").First.WaitForAsync();
        Assert.True(await page.Find("#progress").IsVisibleAsync());
        await page.Button("Cancel").ClickAsync();
        await page.StatusAsync("#status", "Cancelled.");
        for (int i = 0; studio.Load.Running > 0; i++)
        {
            Assert.True(i < 1000, "The generation goes on.");
            await Task.Delay(10);
        }

        await page.SlideAsync("#count", 1);
        await page.DrawAsync("a red apple", seed: 1, steps: 2);
    }

    [BrowserFact]
    public async Task What_is_wrong_is_said_in_words()
    {
        await using StudioPage page = await studio.OpenAsync();
        await page.Page.GetByText("More options").ClickAsync();
        await page.Find("#create-form").EvaluateAsync("form => { form.noValidate = true; }");
        await page.Find("#width").FillAsync("13");
        await page.Button("Generate").ClickAsync();
        await Assertions.Expect(page.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("A side of 13 pixels does not fit");
        await page.ExpectComplaintAsync("400 (Bad Request)");
    }

    [BrowserFact]
    public async Task A_picture_starts_from_a_picture()
    {
        await using StudioPage page = await studio.OpenAsync();
        await page.DrawAsync("a red apple", seed: 1, steps: 4);
        byte[] start = await page.SaveAsync();
        await page.Button("Start from it").ClickAsync();
        await Assertions.Expect(page.Find("#start-note")).ToContainTextAsync("The whole picture is drawn anew");
        await page.SlideAsync("#strength", 0.5);
        await page.DrawAsync("a green apple", seed: 2, steps: 4);

        byte[] expected = await (await studio.PipelineAsync()).DrawAsync(new ImageToImageRequest("a green apple", SavedPictures.Pixels(start)) { Seed = 2, Steps = 4, Strength = 0.5 });
        Assert.Equal(expected, await page.SaveAsync());
    }

    [BrowserFact]
    public async Task Only_what_the_mouse_paints_is_drawn_anew()
    {
        await using StudioPage page = await studio.OpenAsync();
        await page.DrawAsync("a red apple", seed: 1, steps: 4);
        byte[] start = await page.SaveAsync();
        await page.Button("Start from it").ClickAsync();
        await page.Button("Paint a mask").ClickAsync();

        // Up and down through the right half, away from the middle.
        LocatorBoundingBoxResult box = (await page.Find("#editor-mask").BoundingBoxAsync())!;
        await page.Page.Mouse.MoveAsync(box.X + (box.Width * 0.85f), box.Y + (box.Height * 0.1f));
        await page.Page.Mouse.DownAsync();
        await page.Page.Mouse.MoveAsync(box.X + (box.Width * 0.85f), box.Y + (box.Height * 0.9f), new() { Steps = 4 });
        await page.Page.Mouse.UpAsync();
        await Assertions.Expect(page.Find("#start-note")).ToHaveTextAsync("Only the painted part is drawn anew.");
        await page.DrawAsync("a taxi", seed: 3, steps: 4);

        (int left, int right) = Pictures.Differences(start, await page.SaveAsync());
        Assert.Equal(0, left);
        Assert.True(right > 100, $"{right} values are new.");
    }

    [BrowserFact]
    public async Task A_mask_is_painted_and_erased_with_the_keyboard()
    {
        await using StudioPage page = await studio.OpenAsync();
        await page.DrawAsync("a red apple", seed: 1, steps: 2);
        await page.Button("Start from it").ClickAsync();
        await page.Button("Paint a mask").ClickAsync();
        ILocator mask = page.Find("#editor-mask");
        await mask.FocusAsync();
        await page.Page.Keyboard.PressAsync("ArrowRight");
        await page.Page.Keyboard.PressAsync("Space");
        await Assertions.Expect(page.Find("#brush")).ToBeVisibleAsync();
        await Assertions.Expect(page.Find("#start-note")).ToHaveTextAsync("Only the painted part is drawn anew.");
        await page.Page.Keyboard.PressAsync("Control+Z");
        await Assertions.Expect(page.Find("#start-note")).Not.ToHaveTextAsync("Only the painted part is drawn anew.");
        await page.Find("#area").SelectOptionAsync("left");
        await Assertions.Expect(page.Find("#strength")).ToHaveValueAsync("1");
        await page.Button("Clear").ClickAsync();
        await Assertions.Expect(page.Find("#strength")).ToHaveValueAsync("0.8");
    }
}
