using System.Numerics.Tensors;
using DiffusionSharp.Emoji.Tests.Support;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Emoji.Tests;

/// <summary>A red heart, as Noto Color Emoji draws it, gets another background.</summary>
[Collection(EmojiCollection.Name)]
public class InpaintingTests(EmojiModel model)
{
    private const string RePaintConfig = """
        { "_class_name": "RePaintScheduler", "num_train_timesteps": 1000, "beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012,
          "clip_sample": false, "eta": 1.0 }
        """;

    [Fact]
    public void The_models_own_scheduler_draws_the_background_and_keeps_the_heart() => DrawsTheBackground(model.Pipeline.Scheduler!);

    [Fact]
    public void RePaint_from_its_configuration_draws_the_background_and_keeps_the_heart()
    {
        RePaintOptions options = Assert.IsType<RePaintScheduler>(SchedulerConfig.Create(RePaintConfig)).Options;
        DrawsTheBackground(new RePaintScheduler(options with { JumpLength = 5, JumpSamples = 3 }));
    }

    [Fact]
    public void Pasted_pixels_are_those_of_the_picture()
    {
        Tensor<float> picture = Reference.RedHeart();
        var request = new InpaintingRequest("a red heart", picture, Background(picture)) { Steps = 2, PastesKnownPixels = true };
        Assert.Equal(Middle(picture).Values(), Middle(model.Pipeline.Generate(request).Images[0].Pixels).Values());
    }

    private void DrawsTheBackground(IScheduler scheduler)
    {
        Tensor<float> picture = Reference.RedHeart();
        Tensor<float> mask = Background(picture);
        var request = new InpaintingRequest("a red heart on a blue background", picture, mask) { Steps = 20, Seed = 1, Count = 3 };
        GenerationResult result = model.Pipeline.WithScheduler(scheduler).Generate(request);

        // The corners are all drawn anew; one seed of three may go wrong.
        Assert.True(result.Images.Count(image => Colours.NearestBackground(image) == "blue") >= 2);

        // Well inside of the heart nothing changes but what the autoencoder does, 28.5 dB on average.
        Assert.All(result.Images, image => Assert.True(Psnr.Between(Middle(picture), Middle(image.Pixels)) > 20));
    }

    // 1 where the picture is white.
    private static Tensor<float> Background(Tensor<float> picture)
    {
        float[] values = picture.Values().ToArray();
        int plane = values.Length / 3;
        return Tensor.Create([.. Enumerable.Range(0, plane).Select(i => Math.Min(Math.Min(values[i], values[plane + i]), values[(2 * plane) + i]) > 0.9f ? 1f : 0f)], [1, 1, picture.Lengths[2], picture.Lengths[3]]);
    }

    private static Tensor<float> Middle(Tensor<float> picture)
    {
        var middle = Tensor.CreateFromShape<float>([3, 32, 32]);
        for (int i = 0; i < 3 * 32 * 32; i++)
        {
            (int channel, int y, int x) = (i / 1024, i / 32 % 32, i % 32);
            middle[channel, y, x] = picture[0, channel, 48 + y, 48 + x];
        }

        return middle;
    }
}
