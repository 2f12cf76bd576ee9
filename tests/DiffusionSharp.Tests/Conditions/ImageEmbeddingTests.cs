using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;
using DiffusionSharp.Prediction;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Tests.Guidance;
using DiffusionSharp.Tests.Pipelines;

namespace DiffusionSharp.Tests.Conditions;

/// <summary>Embeddings of pictures as conditions.</summary>
public sealed class ImageEmbeddingTests : IDisposable
{
    private static readonly Tensor<float> One = Tensor.Create([1f, 2, 3, 4], [1, 4]);
    private static readonly Tensor<float> Two = Tensor.Create([5f, 6, 7, 8, 1, 0, 0, 1], [2, 4]);

    private readonly RecordingPredictor _predictor = new(Toy.Predict);

    private Conditioning Given => Assert.Single(_predictor.Plans).Conditioning;

    public void Dispose() => _predictor.Dispose();

    [Fact]
    public void The_embedding_and_what_guidance_moves_away_from_are_the_networks()
    {
        using DiffusionPipeline pipeline = Pipeline(new ImageEmbeddingConditions(4));
        pipeline.Generate(Request(new ImageEmbedding(Two) { Negative = One }) with { Count = 2, GuidanceScale = 2, Seed = 1 });
        Assert.Equal([.. One.Values(), .. One.Values(), .. Two.Values()], Given.Pooled!.Values().ToArray());
    }

    [Fact]
    public void A_noised_embedding_has_its_level_behind_it_and_zeros_stand_for_none()
    {
        var space = new EmbeddingSpace([0, 0, 0, 0], [1, 1, 1, 1]);
        using DiffusionPipeline pipeline = Pipeline(new NoisedEmbeddingConditions(space, new NoiseAugmentation(NoiseSchedule.Linear(), 0, 999)));
        pipeline.Generate(Request(new ImageEmbedding(One) { NoiseLevel = 3 }) with { GuidanceScale = 2, Seed = 1 });
        ReadOnlySpan<float> labels = Given.ClassLabels!.Values();
        Assert.Equal(new float[8], labels[..8]);

        // cos(3), cos(3/100), sin(3), sin(3/100).
        Assert.All(((double[])[Math.Cos(3), Math.Cos(0.03), Math.Sin(3), Math.Sin(0.03)]).Zip(labels[12..].ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    [Fact]
    public void Between_two_embeddings_the_way_goes_along_the_circle()
    {
        Tensor<float> half = ImageEmbedding.Between(Tensor.Create([1f, 0], [1, 2]), Tensor.Create([0f, 1], [1, 2]), 0.5);
        Assert.All(half.Values().ToArray(), value => Assert.Equal(Math.Sqrt(0.5), value, 1e-6));
        Assert.Equal(One.Values(), ImageEmbedding.Between(One, One, 0.3).Values());
        Assert.Throws<ArgumentException>(() => ImageEmbedding.Between(One, Tensor.CreateFromShape<float>([1, 3]), 0.5));
    }

    [Fact]
    public void A_prior_ends_in_embeddings_of_its_mean_and_deviation()
    {
        var space = new EmbeddingSpace([1, 2], [3, 4]);
        Assert.Equal([4, 6, 1, 10], space.Embeddings(Tensor.Create([1f, 1, 0, 2], [2, 2, 1, 1])).Values().ToArray());
        Assert.Throws<ArgumentException>(() => new EmbeddingSpace([1, 2], [3]));
        Assert.Throws<ArgumentException>(() => new EmbeddingSpace([1], [0]));
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name_before_work_starts()
    {
        var space = new EmbeddingSpace([0, 0, 0, 0], [1, 1, 1, 1]);
        using DiffusionPipeline plain = Pipeline(new ImageEmbeddingConditions(4));
        using DiffusionPipeline noised = Pipeline(new NoisedEmbeddingConditions(space, new NoiseAugmentation(NoiseSchedule.Linear(), 0, 999)));
        Refuses<ArgumentException>(plain, new GenerationRequest(), "ImageEmbedding");
        Refuses<ArgumentException>(plain, Request(new ImageEmbedding(Tensor.CreateFromShape<float>([1, 5]))), "[1, 5]", "[1, 4]");
        Refuses<ArgumentException>(plain, Request(new ImageEmbedding(Two)), "[2, 4]");
        Refuses<ArgumentException>(plain, Request(new ImageEmbedding(One) { Negative = Two }), "[2, 4]");
        Refuses<ArgumentException>(plain, Request(new ImageEmbedding(Tensor.Create([float.NaN, 0, 0, 0], [1, 4]))), "finite");
        Refuses<ArgumentException>(plain, Request(new ImageEmbedding(One) { NoiseLevel = 1 }), "NoiseLevel");
        Refuses<ArgumentException>(plain, Request(new ImageEmbedding(One)) with { GuidanceScale = 2 }, "Negative");
        Refuses<ArgumentOutOfRangeException>(noised, Request(new ImageEmbedding(One) { NoiseLevel = 1000 }), "NoiseLevel", "0 to 999");
        Assert.Empty(_predictor.Plans);
    }

    private static GenerationRequest Request(ImageEmbedding embedding) => new() { Parts = [embedding] };

    private static void Refuses<T>(DiffusionPipeline pipeline, GenerationRequest request, params string[] words)
        where T : ArgumentException
    {
        string message = Assert.Throws<T>(() => pipeline.Generate(request)).Message;
        Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    private DiffusionPipeline Pipeline(IConditionEncoder conditions) => Toy.PixelBuilder(_predictor).UseConditions(conditions).Build();
}
