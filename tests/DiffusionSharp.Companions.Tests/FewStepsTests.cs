using DiffusionSharp.Companions.Tests.Support;
using DiffusionSharp.Schedulers;
using Xunit.Abstractions;

namespace DiffusionSharp.Companions.Tests;

/// <summary>The distilled UNet draws in one step, and better in four, with the other parts of the model of 64x64 pictures.</summary>
public class FewStepsTests(FewStepsTests.Model companion, ITestOutputHelper output) : IClassFixture<FewStepsTests.Model>
{
    private static readonly (string Prompt, string Emoji)[] Prompts =
    [
        ("a red heart", "red heart"), ("a blue heart", "blue heart"), ("a black heart", "black heart"), ("grinning face", "grinning face"),
        ("smiling face with sunglasses", "smiling face with sunglasses"), ("a red apple", "red apple"), ("pizza", "pizza"), ("panda", "panda"),
        ("evergreen tree", "evergreen tree"), ("a house", "house"), ("a taxi", "taxi"), ("a cloud", "cloud"),
    ];

    [Fact]
    public void It_is_sampled_as_a_latent_consistency_model() => Assert.IsType<LcmScheduler>(companion.Pipeline.Scheduler);

    /// <summary>Of forty emojis, over four seeds.</summary>
    [Theory]
    [InlineData(1, 8)]
    [InlineData(4, 9)]
    public void For_most_of_twelve_prompts_the_right_emoji_is_nearest(int steps, int most)
    {
        int right = 0;
        foreach ((string prompt, string emoji) in Prompts)
        {
            // Guidance is distilled into the weights.
            GenerationResult result = companion.Pipeline.Generate(new TextToImageRequest(prompt) { Count = 4, Seed = 0, Steps = steps, GuidanceScale = 1 });
            Assert.Equal(steps, result.Timings.Steps);
            (string Name, double Distance)[] ranking = Reference.ByDistance(result.Images);
            output.WriteLine($"{prompt}: {string.Join(", ", ranking.Take(3))}");
            right += ranking[0].Name == emoji ? 1 : 0;
        }

        output.WriteLine($"{right} of {Prompts.Length} in {steps} steps");
        Assert.True(right >= most, $"{right} of {Prompts.Length} are right.");
    }

    public sealed class Model() : LatentCompanion("emoji-few-steps");
}
