using System.Numerics.Tensors;
using DiffusionSharp.Emoji.Tests.Support;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.Prediction;
using DiffusionSharp.Text;

namespace DiffusionSharp.Emoji.Tests;

/// <summary>Pictures larger than the model was trained at, with the real networks.</summary>
[Collection(EmojiCollection.Name)]
public class LargePictureTests(EmojiModel model)
{
    // Of 32x32 latents, in tiles of 20, neighbours sharing 8.
    private static readonly LatentTiling Tiling = new() { TileSize = 160, WholeSize = 0, Overlap = 0.4 };

    // Group normalisation sees a tile where it saw the picture, so tones differ, slightly.
    [Fact]
    public void Decoding_in_tiles_shows_only_in_a_slight_tone()
    {
        Tensor<float> latents = model.Pipeline.LatentEncoder!.Encode(Hearts(), new TorchCpuNoise(1));
        Tensor<float> whole = model.Pipeline.LatentDecoder!.Decode(latents);
        Tensor<float> tiled = new TiledLatentDecoder(model.Pipeline.LatentDecoder!, Tiling, leaveOpen: true).Decode(latents);
        Assert.InRange(Psnr.Between(whole, tiled), 50, 60);
        Assert.InRange(Largest(whole, tiled), 0, 0.12);
    }

    // Of latents of about unit variance.
    [Fact]
    public void Encoding_in_tiles_shows_only_in_a_slight_tone()
    {
        Tensor<float> whole = model.Pipeline.LatentEncoder!.Encode(Hearts(), new TorchCpuNoise(1));
        Tensor<float> tiled = new TiledLatentEncoder(model.Pipeline.LatentEncoder!, Tiling, leaveOpen: true).Encode(Hearts(), new TorchCpuNoise(1));
        Assert.InRange(Psnr.Between(whole, tiled), 50, 60);
        Assert.InRange(Largest(whole, tiled), 0, 0.09);
    }

    [Fact]
    public void Windows_that_go_around_do_not_know_where_the_edge_is()
    {
        // Half a picture to the right and a quarter down are whole windows of 16 at strides of 8, so the prediction is the same, moved.
        var plan = new PredictionPlan(new SampleShape(1, 8, 32, 16), model.Pipeline.TextEncoders[0].Encode(["a red apple"]).Parts);
        var options = new WindowOptions(16) { WrapsHorizontally = true, WrapsVertically = true };
        using IPredictionRun run = new WindowedNoisePredictor(model.Pipeline.NoisePredictor!, options, leaveOpen: true).Start(plan);
        new TorchCpuNoise(1).Fill(run.Sample);
        float[] moved = Moved(run.Sample.ToArray());
        run.Predict(500);
        float[] expected = Moved(run.Prediction.ToArray());
        moved.CopyTo(run.Sample);
        run.Predict(500);

        // The order of sums in a window is the same, and that of the windows is not.
        Assert.All(expected.Zip(run.Prediction.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.4)]
    public async Task Twice_the_size_begins_from_the_enlarged_latents(double strength)
    {
        Cascade cascade = Cascade.Start(model.Pipeline, request => request with { Decodes = false }).Then(model.Pipeline, state => state.Request with
        {
            Width = 256,
            Height = 256,
            InitialLatents = state.Result.Latents.Resize(32, 32, Resampling.Bicubic),
            Strength = strength,
        });
        GenerationResult result = await cascade.GenerateAsync(new TextToImageRequest("a red apple") { Seed = 1, Steps = 5 });
        Tensor<float> enlarged = result.Stages[0].Latents.Resize(32, 32, Resampling.Bicubic);
        Assert.Equal([1, 3, 256, 256], result.Images[0].Pixels.Lengths);
        Assert.Equal(strength == 0 ? 0 : 2, result.Timings.Steps);
        Assert.Equal(strength == 0, enlarged.Values().SequenceEqual(result.Latents.Values()));
    }

    /// <summary>Two rows of two hearts, [1, 3, 256, 256].</summary>
    private static Tensor<float> Hearts()
    {
        Tensor<float> heart = Reference.RedHeart();
        return Tensor.Create([.. Enumerable.Range(0, 3 * 256 * 256).Select(i => heart[0, i / (256 * 256), i / 256 % 128, i % 128])], [1, 3, 256, 256]);
    }

    private static float[] Moved(float[] planes) =>
        [.. Enumerable.Range(0, planes.Length).Select(i => planes[(i / 512 * 512) + (((i / 16) + 24) % 32 * 16) + ((i + 8) % 16)])];

    private static float Largest(Tensor<float> a, Tensor<float> b) => Math.Abs(TensorPrimitives.MaxMagnitude<float>(Tensor.Subtract<float>(a, b).Values()));
}
