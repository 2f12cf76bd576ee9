using System.Collections.Concurrent;
using System.Numerics.Tensors;
using System.Text.Json;
using DiffusionSharp.Conditions;
using DiffusionSharp.Guidance;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Companions.Tests.Support;

/// <summary>The model of emoji groups in 32x32 pixels, with its classifier.</summary>
public sealed class ClassModel : IDisposable
{
    public const string Smileys = "smileys & emotion";
    public const string Animals = "animals & nature";

    private const int Steps = 50;
    private const int Count = 6;

    private readonly string[] _classes;
    private readonly long _nullClass;
    // Of classifier guidance the scale is told as a negative number.
    private readonly ConcurrentDictionary<(string Group, float Guidance), Lazy<IReadOnlyList<GeneratedImage>>> _drawn = new();

    public ClassModel()
    {
        Pipeline = OnnxDiffusionPipeline.Load(Companion.PathOf("emoji-classes"));
        JsonElement classes = JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(Companion.PathOf("emoji-classes", "classes.json")));
        _classes = [.. classes.GetProperty("classes").EnumerateArray().Select(name => name.GetString()!)];
        _nullClass = classes.GetProperty("null_class").GetInt64();
    }

    public DiffusionPipeline Pipeline { get; }

    public IReadOnlyList<string> Classes => _classes;

    public NoiseSchedule Schedule => ((DdpmScheduler)Pipeline.Scheduler!).Options.Schedule;

    internal NoisyClassifier Classifier { get; } = new();

    public long Label(string group) => Array.IndexOf(_classes, group);

    /// <summary>Pictures of a group with classifier-free guidance; 1 is none. The same ones for everybody who asks.</summary>
    public IReadOnlyList<GeneratedImage> Draw(string group, float guidance) => Drawn((group, guidance), () => Pipeline.Generate(Request with
    {
        ClassLabel = Label(group),
        GuidanceScale = guidance,
        NegativeConditioning = Conditioning.Of((ConditionNames.ClassLabels, Tensor.Create<float>([_nullClass], [1]))),
    }));

    /// <summary>Pictures of no class.</summary>
    public IReadOnlyList<GeneratedImage> DrawAnything() => Drawn(("", 0), () => Pipeline.Generate(Request with { ClassLabel = _nullClass }));

    /// <summary>Pictures of no class, which the classifier alone guides to a group.</summary>
    public IReadOnlyList<GeneratedImage> DrawByClassifier(string group, float guidance) => Drawn((group, -guidance), () =>
    {
        using DiffusionPipeline pipeline = Pipeline.ToBuilder().UseGuidance(new ClassifierGuidance(new ClassifierFreeGuidance(), Classifier, guidance)).Build();
        return pipeline.Generate(Request with { ClassLabel = _nullClass, Parts = [new NoisyClassifier.WantedGroup(Label(group))] });
    });

    /// <summary>The mean log p(group | picture) that the classifier gives to pictures.</summary>
    public double LogProbability(IReadOnlyList<GeneratedImage> images, string group) =>
        images.Average(image => Classifier.LogProbability(image.Pixels.Values(), 0, Label(group)));

    public void Dispose()
    {
        Pipeline.Dispose();
        Classifier.Dispose();
    }

    private static GenerationRequest Request { get; } = new() { Count = Count, Seed = 0, Steps = Steps };

    private IReadOnlyList<GeneratedImage> Drawn((string Group, float Guidance) key, Func<GenerationResult> generate) =>
        _drawn.GetOrAdd(key, _ => new(() => generate().Images)).Value;
}

[CollectionDefinition(Name)]
#pragma warning disable CA1711 // xunit calls it a collection
public sealed class ClassCollection : ICollectionFixture<ClassModel>
#pragma warning restore CA1711
{
    public const string Name = "Classes";
}
