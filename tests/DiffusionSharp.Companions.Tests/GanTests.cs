using System.Numerics.Tensors;
using DiffusionSharp.Companions.Tests.Support;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime;
using Xunit.Abstractions;

namespace DiffusionSharp.Companions.Tests;

/// <summary>The generator of a generative adversarial network draws emojis of a class in one pass; the classifier of the diffusion model's classes says how often.</summary>
[Collection(ClassCollection.Name)]
public sealed class GanTests(ClassModel classes, ITestOutputHelper output) : IDisposable
{
    private const int Count = 32;

    private readonly DiffusionPipeline _gan = DiffusionPipeline.CreateBuilder()
        .UseLatentDecoder(new OnnxGenerator(Companion.PathOf("emoji-gan", "model.onnx")))
        .UseConditions(new ClassConditions(classes.Classes.Count))
        .UseDefaults(new GenerationDefaults { Width = 32, Height = 32 })
        .Build();

    /// <summary>By chance it would be one picture in eight.</summary>
    [Fact]
    public void The_classifier_finds_the_class_that_was_asked_for_at_least_three_times_as_often_as_by_chance()
    {
        int right = 0;
        for (int label = 0; label < classes.Classes.Count; label++)
        {
            int found = Draw(label).Images.Count(image => classes.Classifier.Classify(image.Pixels.Values(), 0) == label);
            output.WriteLine($"{classes.Classes[label]}: {found} of {Count}");
            right += found;
        }

        int all = Count * classes.Classes.Count;
        Assert.True(right > 3 * all / classes.Classes.Count, $"{right} of {all} are of their class.");
    }

    [Fact]
    public void Pictures_of_a_class_differ_with_the_noise_and_are_the_same_for_the_same()
    {
        GenerationResult result = Draw(0);
        Assert.Equal(0, result.Timings.EvaluationsPerImage);
        Assert.Equal(result.Images[5].Pixels.Values(), _gan.Generate(result.Images[5].Request).Images[0].Pixels.Values());
        double apart = TensorPrimitives.Distance(result.Images[0].Pixels.Values(), result.Images[1].Pixels.Values()) / Math.Sqrt(3 * 32 * 32);
        output.WriteLine($"{127.5 * apart:0} of 255 apart");
        Assert.True(127.5 * apart > 10, $"Two pictures are {127.5 * apart:0.0} of 255 apart.");
    }

    [Fact]
    public void A_class_that_there_is_not_is_refused_before_anything_is_drawn()
    {
        Assert.Contains("0 to 7", Assert.Throws<ArgumentOutOfRangeException>(() => Draw(8)).Message, StringComparison.Ordinal);
        Assert.Contains("ClassLabel", Assert.Throws<ArgumentException>(() => _gan.Generate(new GenerationRequest { Seed = 0 })).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _gan.Dispose();

    private GenerationResult Draw(long label) => _gan.Generate(new GenerationRequest { ClassLabel = label, Count = Count, Seed = 0 });
}
