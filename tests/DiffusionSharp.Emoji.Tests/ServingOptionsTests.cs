using DiffusionSharp.Emoji.Tests.Support;
using DiffusionSharp.Guidance;
using DiffusionSharp.OnnxRuntime;

namespace DiffusionSharp.Emoji.Tests;

/// <summary>Options that change how a picture is made, and not the picture.</summary>
[Collection(EmojiCollection.Name)]
public class ServingOptionsTests(EmojiModel model)
{
    private static readonly TextToImageRequest Request = new("grinning face") { Seed = 42, Steps = 10, NegativePrompt = "a tree" };

    [Fact]
    public void Guidance_in_two_calls_gives_the_picture_of_one() => AssertSamePicture(new OnnxPipelineOptions { GuidanceBatching = GuidanceBatching.CallEach });

    [Fact]
    public void Remembered_prompts_give_the_picture_of_new_ones()
    {
        GeneratedImage[] images = AssertSamePicture(new OnnxPipelineOptions { CachedPrompts = 4 });

        // To the bit, whether remembered or not.
        Assert.Equal(images[0].Pixels.Values(), images[1].Pixels.Values());
    }

    [Fact]
    public void A_negative_number_of_prompts_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new OnnxPipelineOptions { CachedPrompts = -1 });

    // Kernels may sum in another order for another batch: 1e-3 is an eighth of what a byte of the picture resolves.
    private GeneratedImage[] AssertSamePicture(OnnxPipelineOptions options)
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load(options);
        GeneratedImage expected = model.Pipeline.Generate(Request).Images[0];
        GeneratedImage[] images = [pipeline.Generate(Request).Images[0], pipeline.Generate(Request).Images[0]];
        foreach (GeneratedImage image in images)
        {
            Assert.All(expected.Pixels.Values().ToArray().Zip(image.Pixels.Values().ToArray()), values => Assert.Equal(values.First, values.Second, 1e-3f));
        }

        return images;
    }
}
