using System.Numerics.Tensors;
using DiffusionSharp.Latents;
using DiffusionSharp.OnnxRuntime.Tests.Support;

namespace DiffusionSharp.OnnxRuntime.Tests.Parts;

public class OnnxLatentDecoderTests
{
    private static readonly LatentSpace Space = new() { Channels = 4, DownsamplingFactor = 2, Scale = 0.5f, Shift = 0.25f };

    // A few float32 roundings of values below 8; four float16 roundings of 2^-11 of them.
    [Theory]
    [InlineData("float32", 1, 1e-6)]
    [InlineData("float32", 3, 1e-6)]
    [InlineData("float16", 1, 4 * 8 / 2048.0)]
    [InlineData("float16", 3, 4 * 8 / 2048.0)]
    [InlineData("one-picture", 3, 1e-6)]
    public void Every_picture_of_a_batch_is_decoded_after_undoing_scale_and_shift(string model, int batch, double tolerance)
    {
        using OnnxLatentDecoder decoder = Load(model);
        Tensor<float> latents = Values.Tensor(3, batch, 4, 3, 5);
        float[] before = latents.Values().ToArray();
        Tensor<float> picture = decoder.Decode(latents);

        Assert.Equal([batch, 3, 6, 10], picture.Lengths.ToArray());
        Assertions.Near(PictureFormula.Decode(latents.Values(), 3, 5, factor: 2, scale: 0.5, shift: 0.25), picture.Values(), tolerance);
        Assert.Equal(before, latents.Values().ToArray());
    }

    // diffusers: latents * latents_std / scaling_factor + latents_mean.
    [Fact]
    public void Each_channel_gets_its_deviation_and_mean_back()
    {
        var space = new LatentSpace { Channels = 4, DownsamplingFactor = 2, Scale = 0.5f, Statistics = new ChannelStatistics([1, -1, 0.5f, 2], [2, 0.5f, 4, 1]) };
        using OnnxLatentDecoder decoder = Load("float32", space);
        Tensor<float> latents = Values.Tensor(3, 1, 4, 3, 5);
        float[] restored = [.. latents.Values().ToArray().Select((value, i) => (value * space.Statistics.Deviations[i / 15] / 0.5f) + space.Statistics.Means[i / 15])];
        Assertions.Near(PictureFormula.Decode(restored, 3, 5, factor: 2, scale: 1, shift: 0), decoder.Decode(latents).Values(), 1e-5);
    }

    [Fact]
    public void Latents_that_are_a_view_of_others_are_decoded_as_they_look()
    {
        using OnnxLatentDecoder decoder = Load("float32");
        Tensor<float> view = Values.Tensor(0, 2, 4, 3, 5).Slice([1..2, 0..4, 1..3, 2..5]);
        Tensor<float> dense = Tensor.Create(view.ToArray(), [1, 4, 2, 3]);
        Assertions.SameBits(decoder.Decode(dense).Values(), decoder.Decode(view).Values());
    }

    [Fact]
    public void Latents_of_other_channels_are_refused()
    {
        using OnnxLatentDecoder decoder = Load("float32");
        var error = Assert.Throws<ArgumentException>("latents", () => decoder.Decode(Values.Tensor(0, 1, 3, 4, 4)));
        error.Says("[batch, 4, height, width]", "[1, 3, 4, 4]");
        Assert.Throws<ArgumentException>("latents", () => decoder.Decode(Values.Tensor(0, 4, 4, 4)));
        Assert.Throws<ArgumentNullException>("latents", () => decoder.Decode(null!));
    }

    [Fact]
    public void A_model_of_other_channels_than_its_latent_space_is_refused()
    {
        var error = Assert.Throws<ModelFormatException>(() => Load("float32", new LatentSpace { Channels = 16 }));
        error.Says("float32.onnx", "'latent_sample' has 4 channels", "latent space has 16");
    }

    [Fact]
    public async Task Pictures_decoded_beside_each_other_do_not_mix()
    {
        using OnnxLatentDecoder decoder = Load("float16");
        Tensor<float>[] latents = [.. Enumerable.Range(0, 8).Select(i => Values.Tensor(i, 1 + (i % 2), 4, 3, 5))];
        Tensor<float>[] pictures = await Task.WhenAll(latents.Select(x => Task.Run(() => decoder.Decode(x))));
        for (int i = 0; i < pictures.Length; i++)
        {
            Assertions.SameBits(decoder.Decode(latents[i]).Values(), pictures[i].Values());
        }
    }

    private static OnnxLatentDecoder Load(string model, LatentSpace? space = null) => new(Fixture.Path($"decoders/{model}.onnx"), space ?? Space);
}
