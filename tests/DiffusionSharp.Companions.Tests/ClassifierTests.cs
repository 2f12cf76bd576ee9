using System.Numerics.Tensors;
using DiffusionSharp.Companions.Tests.Support;
using DiffusionSharp.Guidance;
using DiffusionSharp.Noise;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;
using DiffusionSharp.Tests;
using Xunit.Abstractions;

namespace DiffusionSharp.Companions.Tests;

/// <summary>The classifier's second output is the gradient of its first, and guides an unconditional model.</summary>
[Collection(ClassCollection.Name)]
public class ClassifierTests(ClassModel model, ITestOutputHelper output)
{
    private const int Timestep = 100;
    private const float Guidance = 3;

    [Fact]
    public void It_has_the_classes_of_the_model_that_it_guides() => Assert.Equal(model.Classes, model.Classifier.Classes);

    [Theory]
    [InlineData(ClassModel.Smileys)]
    [InlineData(ClassModel.Animals)]
    public void The_gradient_is_the_derivative_of_the_log_probability(string group)
    {
        float[] sample = NoisyHeart();
        float[] gradient = model.Classifier.Gradient(sample, Timestep, model.Label(group));
        float length = TensorPrimitives.Norm<float>(gradient);

        // Along itself, and along random directions, of which each is mostly across it.
        AssertDerivative(sample, gradient, gradient, group);
        for (long seed = 1; seed <= 4; seed++)
        {
            AssertDerivative(sample, gradient, Noise(seed), group);
        }

        output.WriteLine($"the gradient's length is {length:0.00e0}");
    }

    [Theory]
    [InlineData(ClassModel.Smileys)]
    [InlineData(ClassModel.Animals)]
    public void Going_up_the_gradient_raises_the_log_probability(string group)
    {
        float[] sample = NoisyHeart();
        double before = model.Classifier.LogProbability(sample, Timestep, model.Label(group));
        double start = before;
        for (int i = 0; i < 8; i++)
        {
            float[] gradient = model.Classifier.Gradient(sample, Timestep, model.Label(group));
            sample = Moved(sample, gradient, 0.2f / TensorPrimitives.Norm<float>(gradient));
            double after = model.Classifier.LogProbability(sample, Timestep, model.Label(group));
            Assert.True(after > before, $"Step {i}: {before} before, {after} after");
            before = after;
        }

        output.WriteLine($"log p({group}) from {start:0.000} to {before:0.000}");
    }

    [Theory]
    [InlineData(ClassModel.Smileys)]
    [InlineData(ClassModel.Animals)]
    public void It_guides_a_model_that_knows_of_no_class(string group)
    {
        IReadOnlyList<GeneratedImage> guided = model.DrawByClassifier(group, Guidance);
        IReadOnlyList<GeneratedImage> unguided = model.DrawAnything();
        (double with, double without) = (model.LogProbability(guided, group), model.LogProbability(unguided, group));
        int right = guided.Count(image => model.Classifier.Classify(image.Pixels.Values(), 0) == model.Label(group));

        output.WriteLine($"log p({group}) is {with:0.00} with guidance, {without:0.00} without; {right} of {guided.Count} are taken for it");
        Assert.True(with > without + 1, $"log p({group}) is {with:0.00} with guidance, {without:0.00} without.");
        Assert.True(right >= 4, $"{right} of {guided.Count} are taken for {group}.");
    }

    [Fact]
    public void The_librarys_part_gives_the_same_gradient_of_each_pictures_class_and_allocates_nothing()
    {
        using var classifier = new OnnxClassifier(Companion.PathOf("emoji-classifier", "model.onnx"));
        (long first, long second) = (model.Label(ClassModel.Smileys), model.Label(ClassModel.Animals));
        var shape = new SampleShape(2, 3, NoisyClassifier.Side, NoisyClassifier.Side);
        var plan = new GuidancePlan(shape, new GenerationRequest { Count = 2, ClassLabels = [first, second] }, [1, 1], [GuidanceTerm.Conditional]);
        using IClassifierRun run = classifier.Start(plan);
        float[] sample = NoisyHeart();
        float[] samples = [.. sample, .. sample];
        var gradient = new float[samples.Length];
        StepPoint at = PredictionRunExtensions.At(Timestep);
        run.Gradient(samples, at, gradient);
        float[] expected = model.Classifier.Run(samples, [Timestep, Timestep], [first, second]).Gradient;
        Assert.Equal(expected, gradient);

        long before = GC.GetAllocatedBytesForCurrentThread();
        run.Gradient(samples, at, gradient);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Contains("ClassLabel", Assert.Throws<ArgumentException>(() => classifier.Start(plan with { Request = new GenerationRequest { Count = 2 } })).Message, StringComparison.Ordinal);
    }

    // Symmetric differences over so short a way that curvature does not count, and so long a one that rounding does not either.
    private void AssertDerivative(float[] sample, float[] gradient, float[] direction, string group)
    {
        float step = 0.05f / TensorPrimitives.Norm<float>(direction);
        double up = model.Classifier.LogProbability(Moved(sample, direction, step), Timestep, model.Label(group));
        double down = model.Classifier.LogProbability(Moved(sample, direction, -step), Timestep, model.Label(group));
        double difference = (up - down) / 0.1;
        double expected = TensorPrimitives.Dot<float>(gradient, direction) / TensorPrimitives.Norm<float>(direction);

        output.WriteLine($"{difference:0.0000e0} by difference, {expected:0.0000e0} by the gradient");
        Assert.Equal(expected, difference, 0.01 * TensorPrimitives.Norm<float>(gradient));
    }

    private float[] NoisyHeart()
    {
        Tensor<float> small = Pictures.Shrink(Reference.RedHeart(), 4);
        var noisy = new float[small.FlattenedLength];
        model.Schedule.AddNoise(small.Values(), Noise(0), Timestep, noisy);
        return noisy;
    }

    private static float[] Noise(long seed)
    {
        var noise = new float[3 * NoisyClassifier.Side * NoisyClassifier.Side];
        new TorchCpuNoise(seed).Fill(noise);
        return noise;
    }

    private static float[] Moved(float[] sample, float[] direction, float step)
    {
        var moved = new float[sample.Length];
        TensorPrimitives.MultiplyAdd(direction, step, sample, moved);
        return moved;
    }
}
