using DiffusionSharp.Companions.Tests.Support;
using DiffusionSharp.Schedulers;
using Xunit.Abstractions;

namespace DiffusionSharp.Companions.Tests;

/// <summary>A class-conditional model of pixels whose variances are learned, in a twentieth of its training timesteps.</summary>
[Collection(ClassCollection.Name)]
public class ClassTests(ClassModel model, ITestOutputHelper output)
{
    private const float Guided = 2;

    [Fact]
    public void It_loads_as_a_folder_and_is_sampled_with_its_own_variances()
    {
        DdpmOptions options = Assert.IsType<DdpmScheduler>(model.Pipeline.Scheduler).Options;
        Assert.Equal(VarianceType.LearnedRange, options.VarianceType);
        Assert.Equal((32, 32, 3), (model.Pipeline.Defaults.Width, model.Pipeline.Defaults.Height, model.Pipeline.LatentSpace.Channels));
    }

    [Theory]
    [InlineData(ClassModel.Smileys)]
    [InlineData(ClassModel.Animals)]
    public void Pictures_are_in_the_range_of_pixels(string group) => Assert.All(model.Draw(group, Guided), image =>
    {
        Assert.Equal([1, 3, 32, 32], image.Pixels.Lengths.ToArray());

        // The last step returns x_0, which is clipped. A picture of nothing would have no contrast.
        float[] pixels = image.Pixels.Values().ToArray();
        Assert.All(pixels, pixel => Assert.InRange(pixel, -1, 1));
        Assert.True(pixels.Max() - pixels.Min() > 1);
    });

    [Fact]
    public void Smileys_are_yellow_on_white()
    {
        (double smileys, double animals) = (Yellow(ClassModel.Smileys), Yellow(ClassModel.Animals));
        double corners = model.Draw(ClassModel.Smileys, Guided).Average(image => Pictures.Mean(image.Pixels, Pictures.Blue, (x, y) => x is < 2 or >= 30 && y is < 2 or >= 30));

        output.WriteLine($"yellow: smileys {smileys:0}, animals {animals:0}; corners {corners:0}");
        Assert.True(smileys > 40, $"Red and green are {smileys:0} above blue.");
        Assert.True(smileys > animals + 10, $"Red and green are {smileys:0} above blue in smileys, {animals:0} in animals.");
        Assert.True(corners > 230, $"The corners are {corners:0} of 255.");
    }

    [Theory]
    [InlineData(ClassModel.Smileys, ClassModel.Animals)]
    [InlineData(ClassModel.Animals, ClassModel.Smileys)]
    public void The_classifier_finds_the_label_rather_in_pictures_that_were_drawn_for_it(string group, string other)
    {
        double right = model.LogProbability(model.Draw(group, Guided), group);
        double wrong = model.LogProbability(model.Draw(other, Guided), group);
        output.WriteLine($"log p({group}) is {right:0.00} of its own, {wrong:0.00} of {other}");
        Assert.True(right > wrong + 1, $"log p({group}) is {right:0.00} of its own, {wrong:0.00} of {other}.");
    }

    [Theory]
    [InlineData(ClassModel.Smileys)]
    [InlineData(ClassModel.Animals)]
    public void Guidance_makes_the_label_more_probable(string group)
    {
        (double with, double without) = (model.LogProbability(model.Draw(group, Guided), group), model.LogProbability(model.Draw(group, 1), group));
        output.WriteLine($"log p({group}) is {with:0.00} with guidance, {without:0.00} without");
        Assert.True(with > without + 0.05, $"log p({group}) is {with:0.00} with guidance, {without:0.00} without.");
    }

    // How far red and green are above blue in the middle.
    private double Yellow(string group) => model.Draw(group, Guided).Average(image =>
        ((Middle(image, Pictures.Red) + Middle(image, Pictures.Green)) / 2) - Middle(image, Pictures.Blue));

    private static double Middle(GeneratedImage image, int channel) => Pictures.Mean(image.Pixels, channel, (x, y) => x is >= 8 and < 24 && y is >= 8 and < 24);
}
