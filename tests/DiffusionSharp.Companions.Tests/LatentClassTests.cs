using System.Numerics.Tensors;
using DiffusionSharp.Companions.Tests.Support;
using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Schedulers;
using Xunit.Abstractions;

namespace DiffusionSharp.Companions.Tests;

/// <summary>A whole latent diffusion model over a codebook, told the class; the classifier of pictures in a quarter of the size says how often it draws that.</summary>
public sealed class LatentClassTests(ITestOutputHelper output) : IDisposable
{
    private const int Count = 8;
    private const int Smaller = 4;

    private readonly DiffusionPipeline _pipeline = OnnxDiffusionPipeline.Load(Companion.PathOf("emoji-vq"));
    private readonly NoisyClassifier _classifier = new();

    [Theory]
    [InlineData("emoji-vq", 8, 8)]
    [InlineData("emoji-classes-128", 3, 1)]
    public void It_and_its_rival_load_as_folders_of_the_same_size_and_scheduler(string folder, int channels, int factor)
    {
        using DiffusionPipeline pipeline = OnnxDiffusionPipeline.Load(Companion.PathOf(folder));
        Assert.Equal((128, 128), (pipeline.Defaults.Width, pipeline.Defaults.Height));
        Assert.Equal((channels, factor), (pipeline.LatentSpace.Channels, pipeline.LatentSpace.DownsamplingFactor));
        Assert.Equal(TimestepSpacing.Trailing, Assert.IsType<DdimScheduler>(pipeline.Scheduler).Options.TimestepSpacing);
    }

    /// <summary>By chance it would be one picture in eight.</summary>
    [Fact]
    public void The_classifier_finds_the_class_that_was_asked_for_at_least_twice_as_often_as_by_chance()
    {
        int right = 0;
        int classes = _classifier.Classes.Count;
        for (int label = 0; label < classes; label++)
        {
            int found = Draw(label).Images.Count(image => _classifier.Classify(Pictures.Shrink(image.Pixels, Smaller).Values(), 0) == label);
            output.WriteLine($"{_classifier.Classes[label]}: {found} of {Count}");
            right += found;
        }

        Assert.True(right >= 2 * Count, $"{right} of {Count * classes} are of their class.");
    }

    [Fact]
    public void A_class_that_there_is_not_and_a_size_that_does_not_fit_are_refused_before_anything_is_drawn()
    {
        // The last is the null class.
        Assert.Contains("0 to 8", Assert.Throws<ArgumentOutOfRangeException>(() => Draw(9)).Message, StringComparison.Ordinal);
        Assert.Contains("ClassLabel", Assert.Throws<ArgumentException>(() => _pipeline.Generate(new GenerationRequest { Seed = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("multiples of 64", Assert.Throws<ArgumentOutOfRangeException>(() => _pipeline.Generate(new GenerationRequest { ClassLabel = 0, Width = 100 })).Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _pipeline.Dispose();
        _classifier.Dispose();
    }

    private GenerationResult Draw(long label) => _pipeline.Generate(new GenerationRequest
    {
        ClassLabel = label,
        NegativeConditioning = Conditioning.None.With(ConditionNames.ClassLabels, Tensor.Create<float>([_classifier.Classes.Count], [1])),
        GuidanceScale = 2,
        Steps = 20,
        Count = Count,
        Seed = 0,
    });
}
