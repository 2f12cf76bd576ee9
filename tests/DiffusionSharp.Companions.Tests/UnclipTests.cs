using System.Numerics.Tensors;
using DiffusionSharp.Companions.Tests.Support;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Schedulers;
using DiffusionSharp.Text;
using Xunit.Abstractions;

namespace DiffusionSharp.Companions.Tests;

/// <summary>The prior makes embeddings of prompts and the decoder draws of them, as of embeddings of pictures.</summary>
public class UnclipTests(UnclipModel companion, ITestOutputHelper output) : IClassFixture<UnclipModel>
{
    private static readonly string[] Names =
    [
        "grinning face", "ghost", "red heart", "green heart", "pig face", "tiger face", "panda", "owl",
        "red apple", "pizza", "evergreen tree", "house", "taxi", "rocket", "sun", "blue book",
    ];

    [Fact]
    public void The_prior_is_sampled_as_published_ones_are()
    {
        Assert.IsType<DdpmScheduler>(companion.Prior.Scheduler);
        Assert.Equal(128, companion.Space.Channels);
    }

    /// <summary>The nearest of forty emojis; by chance it would be one name in forty.</summary>
    [Fact]
    public void Of_most_names_the_right_emoji_is_drawn()
    {
        IReadOnlyList<GeneratedImage> images = companion.Draw(companion.Imagine(Names), Names.Length);
        int right = 0;
        for (int i = 0; i < Names.Length; i++)
        {
            string nearest = Reference.ByDistance([images[i]])[0].Name;
            output.WriteLine($"{Names[i]}: {nearest}");
            right += nearest == Names[i] ? 1 : 0;
        }

        Assert.True(right >= Names.Length * 3 / 4, $"{right} of {Names.Length} are right.");
    }

    [Fact]
    public void Variations_of_a_picture_are_nearer_to_it_than_to_any_other()
    {
        Tensor<float> heart = companion.Encoder.Encode(Reference.RedHeart());
        IReadOnlyList<GeneratedImage> images = companion.Draw(heart, 4);
        Assert.All(images, image => Assert.Equal("red heart", Reference.ByDistance([image])[0].Name));
        Assert.NotEqual(images[0].Pixels.Values().ToArray(), images[1].Pixels.Values().ToArray());
    }

    /// <summary>The pair of towers, without prior and decoder.</summary>
    [Fact]
    public void Of_all_names_that_of_a_picture_has_the_nearest_embedding()
    {
        using var encoder = new OnnxTextEncoder(Companion.PathOf("emoji-prior", "text_encoder", "model.onnx"), ClipTokenizer.Load(Companion.PathOf("emoji-prior", "tokenizer")));
        Tensor<float> heart = companion.Encoder.Encode(Reference.RedHeart());
        Tensor<float> names = encoder.Encode(Names, TextEncodingPlan.Default, CancellationToken.None).Parts[ConditionNames.Pooled]!.Values;
        int nearest = Enumerable.Range(0, Names.Length).MaxBy(i => TensorPrimitives.CosineSimilarity(heart.Values(), Row(names, i).Values()));
        Assert.Equal("red heart", Names[nearest]);
    }

    [Fact]
    public void Between_two_embeddings_the_ends_are_what_they_were()
    {
        Tensor<float> two = companion.Imagine("red heart", "sun");
        (Tensor<float> heart, Tensor<float> sun) = (Row(two, 0), Row(two, 1));
        string[] drawn = [.. new[] { 0, 0.5, 1 }.Select(share => Reference.ByDistance(companion.Draw(ImageEmbedding.Between(heart, sun, share), 1))[0].Name)];
        output.WriteLine(string.Join(", ", drawn));
        Assert.Equal(("red heart", "sun"), (drawn[0], drawn[2]));
    }

    [Fact]
    public void An_embedding_of_another_length_is_refused_before_anything_is_drawn()
    {
        ArgumentException tooShort = Assert.Throws<ArgumentException>(() => companion.Draw(Tensor.CreateFromShape<float>([1, 64]), 1));
        Assert.Contains("[1, 64]", tooShort.Message, StringComparison.Ordinal);
        Assert.Contains("[1, 128]", tooShort.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(ImageEmbedding), Assert.Throws<ArgumentException>(() => companion.Decoder.Generate(new GenerationRequest { Seed = 0 })).Message, StringComparison.Ordinal);
        ArgumentException nothing = Assert.Throws<ArgumentException>(() => companion.Decoder.Generate(new GenerationRequest { GuidanceScale = 2, Seed = 0, Parts = [new ImageEmbedding(companion.Nothing)] }));
        Assert.Contains(nameof(ImageEmbedding.Negative), nothing.Message, StringComparison.Ordinal);
    }

    private static Tensor<float> Row(Tensor<float> rows, int index) => Tensor.Create(rows.Values().Slice(index * (int)rows.Lengths[1], (int)rows.Lengths[1]).ToArray(), [1, rows.Lengths[1]]);
}
