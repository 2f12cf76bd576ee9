using DiffusionSharp.Emoji.Tests.Support;

namespace DiffusionSharp.Emoji.Tests;

/// <summary>The pictures show what the prompts ask for, as far as this small model can.</summary>
[Collection(EmojiCollection.Name)]
public class PictureTests(EmojiModel model)
{
    /// <summary>Prompts that the model is good at.</summary>
    [Theory]
    [InlineData("a red heart", "red heart")]
    [InlineData("a blue heart", "blue heart")]
    [InlineData("a green heart", "green heart")]
    [InlineData("a purple heart", "purple heart")]
    [InlineData("a black heart", "black heart")]
    [InlineData("grinning face", "grinning face")]
    [InlineData("smiling face with sunglasses", "smiling face with sunglasses")]
    [InlineData("pig face", "pig face")]
    [InlineData("evergreen tree", "evergreen tree")]
    [InlineData("green book", "green book")]
    [InlineData("classical building", "classical building")]
    [InlineData("a cloud", "cloud")]
    [InlineData("a bus", "bus")]
    [InlineData("a taxi", "taxi")]
    [InlineData("a fire engine", "fire engine")]
    [InlineData("a red apple", "red apple")]
    [InlineData("a panda", "panda")]
    [InlineData("a rocket", "rocket")]
    public void Of_forty_emojis_the_right_one_is_nearest(string prompt, string emoji)
    {
        GenerationResult result = model.Pipeline.Generate(new TextToImageRequest(prompt) { Count = 4, Seed = 0, Steps = 20 });
        (string Name, double Distance)[] ranking = Reference.ByDistance(result.Images);
        Assert.True(ranking[0].Name == emoji, $"Nearest are {string.Join(", ", ranking.Take(3))}.");
        Assert.Equal(40, ranking.Length);
    }

    /// <summary>Of all backgrounds that the model was trained on the corners are nearest to the one that was asked for.</summary>
    [Theory]
    [InlineData("white")]
    [InlineData("black")]
    [InlineData("red")]
    [InlineData("orange")]
    [InlineData("yellow")]
    [InlineData("green")]
    [InlineData("teal")]
    [InlineData("blue")]
    [InlineData("purple")]
    [InlineData("pink")]
    [InlineData("brown")]
    [InlineData("gray")]
    public void The_background_has_the_colour_that_the_prompt_names(string colour)
    {
        GenerationResult result = model.Pipeline.Generate(new TextToImageRequest($"a taxi on a {colour} background") { Seed = 0, Steps = 10 });
        Assert.Equal(colour, Colours.NearestBackground(result.Images[0]));
    }

    [Fact]
    public void What_the_negative_prompt_names_is_moved_away_from()
    {
        // A fruit may have any colour, and as a rule is red; without tomatoes it is greenish.
        var request = new TextToImageRequest("fruit") { Count = 4, Seed = 0, Steps = 20, GuidanceScale = 1.3f };
        GeneratedImage[] any = [.. model.Pipeline.Generate(request).Images];
        GeneratedImage[] noTomato = [.. model.Pipeline.Generate(request with { NegativePrompt = "a tomato" }).Images];
        Assert.True(Colours.Middle(any, Colours.Red) > Colours.Middle(any, Colours.Green) + 50);
        Assert.True(Colours.Middle(noTomato, Colours.Green) > Colours.Middle(any, Colours.Green) + 50);
    }

    [Fact]
    public void Without_guidance_there_is_nothing_to_leave_out()
    {
        var request = new TextToImageRequest("a red heart") { Seed = 0, Steps = 4, GuidanceScale = 1 };
        GenerationResult with = model.Pipeline.Generate(request);
        GenerationResult without = model.Pipeline.Generate(request with { NegativePrompt = "heart" });
        Assert.Equal(with.Images[0].Pixels.Values().ToArray(), without.Images[0].Pixels.Values().ToArray());
    }
}
