using System.Numerics.Tensors;
using DiffusionSharp.Emoji.Tests.Support;
using DiffusionSharp.Guidance;
using DiffusionSharp.OnnxRuntime;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Emoji.Tests;

/// <summary>Options that change how a picture is made, and not the picture, or hardly.</summary>
[Collection(EmojiCollection.Name)]
public class ServingOptionsTests(EmojiModel model)
{
    private static readonly TextToImageRequest Request = new("grinning face") { Seed = 42, Steps = 10, GuidanceScale = 2, NegativePrompt = "a tree" };

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

    [Fact]
    public void Cached_steps_leave_out_calls_and_change_the_picture_a_little()
    {
        using DiffusionPipeline pipeline = EmojiPipeline.Load(new OnnxPipelineOptions { CachedSteps = new CachedStepsOptions { Threshold = 0.1 }, Batching = new BatchingOptions() });
        GenerationResult expected = model.Pipeline.Generate(Request with { Steps = 30 });
        GenerationResult cached = pipeline.Generate(Request with { Steps = 30 });
        Assert.InRange(cached.Timings.EvaluationsPerImage, 12, 40);

        // Relative to the length of the latents.
        double difference = TensorPrimitives.Distance(expected.Latents.Values(), cached.Latents.Values()) / TensorPrimitives.Norm(expected.Latents.Values());
        Assert.InRange(difference, 1e-6, 0.15);
    }

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
