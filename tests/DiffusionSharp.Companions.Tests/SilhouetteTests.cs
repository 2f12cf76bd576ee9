using System.Numerics.Tensors;
using DiffusionSharp.Companions.Tests.Support;
using DiffusionSharp.Conditions;
using DiffusionSharp.Prediction;
using Xunit.Abstractions;

namespace DiffusionSharp.Companions.Tests;

/// <summary>The UNet that is shown a shape draws inside of it, and leaves the rest white.</summary>
public class SilhouetteTests(SilhouetteTests.Model companion, ITestOutputHelper output) : IClassFixture<SilhouetteTests.Model>
{
    private static readonly Tensor<float> Heart = Pictures.NotWhite(Reference.RedHeart(64));

    [Theory]
    [InlineData("a red heart", 0.8)]
    [InlineData("a purple heart", 0.8)]
    [InlineData("a red apple on a white background", 0.6)]
    public void What_is_drawn_covers_the_shape(string prompt, double least)
    {
        double shared = Shared(prompt, Heart, Heart);
        output.WriteLine($"{prompt}: {shared:0.00}");
        Assert.True(shared > least, $"The intersection is {shared:0.00} of the union.");
    }

    /// <summary>The prompt names no emoji: one that the model knows in another shape would win.</summary>
    [Fact]
    public void A_shape_that_no_emoji_has_is_covered_too()
    {
        Tensor<float> shape = Pictures.UpsideDown(Heart);
        double asShown = Shared("on a white background", shape, shape);
        double upright = Shared("on a white background", shape, Heart);
        output.WriteLine($"{asShown:0.00} of the heart upside down, {upright:0.00} of the upright one");
        Assert.True(asShown > upright, $"{asShown:0.00} of the heart upside down, {upright:0.00} of the upright one");
    }

    [Fact]
    public void Without_a_shape_the_prompt_decides()
    {
        double with = Shared("a house on a white background", Heart, Heart);
        double without = Shared("a house on a white background", null, Heart);
        output.WriteLine($"{with:0.00} with the shape, {without:0.00} without");
        Assert.True(with > without + 0.05, $"{with:0.00} with the shape, {without:0.00} without");
    }

    // What pictures that were drawn to a shape share with another, the mean over some seeds.
    private double Shared(string prompt, Tensor<float>? shown, Tensor<float> compared)
    {
        // The shape in the latents' size, in [-1, 1]; 0 everywhere says that there is none.
        Tensor<float>? small = shown is null ? null : Pictures.Shrink(shown, 4);
        Tensor<float> channel = Pictures.Create(1, 16, 16, (_, y, x) => small is null ? 0 : (small[0, 0, y, x] * 2) - 1);
        var request = new TextToImageRequest(prompt) { Count = 4, Seed = 0, Steps = 15, Conditioning = Conditioning.Of((ConditionNames.Concatenated, channel)) };
        return companion.Pipeline.Generate(request).Images.Average(image => Pictures.IntersectionOverUnion(Pictures.NotWhite(image.Pixels), compared));
    }

    public sealed class Model() : LatentCompanion("emoji-silhouette");
}
