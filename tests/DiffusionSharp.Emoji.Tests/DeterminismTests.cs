using DiffusionSharp.Emoji.Tests.Support;

namespace DiffusionSharp.Emoji.Tests;

/// <summary>The same request with the same seed gives the same picture, alone, in a batch, or beside others.</summary>
[Collection(EmojiCollection.Name)]
public class DeterminismTests(EmojiModel model)
{
    private static readonly TextToImageRequest Request = new("grinning face") { Seed = 42, Steps = 5 };

    [Fact]
    public void Twice_gives_the_same_bits() => AssertSame(model.Pipeline.Generate(Request), model.Pipeline.Generate(Request));

    [Fact]
    public void The_model_loaded_anew_gives_the_same_bits()
    {
        using DiffusionPipeline again = EmojiPipeline.Load();
        AssertSame(model.Pipeline.Generate(Request), again.Generate(Request));
    }

    [Fact]
    public void The_request_in_a_result_gives_the_same_bits()
    {
        GenerationResult result = model.Pipeline.Generate(new TextToImageRequest("a taxi") { Steps = 5 });
        AssertSame(result, model.Pipeline.Generate(result.Images[0].Request));
    }

    [Fact]
    public async Task Generations_beside_each_other_give_the_bits_of_those_one_after_another()
    {
        TextToImageRequest[] requests = [.. ((string[])["a red heart", "a taxi", "pig face", "a cloud"]).Select((prompt, i) => new TextToImageRequest(prompt) { Seed = i, Steps = 5 })];
        GenerationResult[] together = await Task.WhenAll(requests.Select(request => model.Pipeline.GenerateAsync(request)));
        for (int i = 0; i < requests.Length; i++)
        {
            AssertSame(model.Pipeline.Generate(requests[i]), together[i]);
        }
    }

    [Fact]
    public void Any_picture_of_a_batch_can_be_made_again_alone()
    {
        GenerationResult batch = model.Pipeline.Generate(Request with { Count = 4 });
        for (int i = 0; i < 4; i++)
        {
            GenerationResult alone = model.Pipeline.Generate(Request with { Seed = 42 + i });
            Assert.Equal(alone.Images[0].Seed, batch.Images[i].Seed);

            // Kernels may sum in another order for another batch: 1e-3 is an eighth of what a byte of the picture resolves.
            float[] expected = alone.Images[0].Pixels.Values().ToArray();
            float[] actual = batch.Images[i].Pixels.Values().ToArray();
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
        }
    }

    [Fact]
    public void Another_seed_is_another_picture()
    {
        GenerationResult other = model.Pipeline.Generate(Request with { Seed = 43 });
        Assert.NotEqual(model.Pipeline.Generate(Request).Images[0].Pixels.Values().ToArray(), other.Images[0].Pixels.Values().ToArray());
    }

    private static void AssertSame(GenerationResult expected, GenerationResult actual) =>
        Assert.Equal(expected.Images[0].Pixels.Values().ToArray(), actual.Images[0].Pixels.Values().ToArray());
}
