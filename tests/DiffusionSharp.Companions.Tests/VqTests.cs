using System.Numerics.Tensors;
using DiffusionSharp.Companions.Tests.Support;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.OnnxRuntime;
using Xunit.Abstractions;

namespace DiffusionSharp.Companions.Tests;

/// <summary>The autoencoder with a codebook, of which the decoder takes the nearest entries.</summary>
public class VqTests(VqTests.Model companion, ITestOutputHelper output) : IClassFixture<VqTests.Model>
{
    [Fact]
    public void A_picture_comes_back()
    {
        Tensor<float> heart = Reference.RedHeart(64);
        double kept = Psnr.Between(heart, Return(heart));
        output.WriteLine($"{kept:0.0} dB");
        Assert.True(kept > 20, $"{kept} dB");
    }

    [Fact]
    public void Latents_are_of_the_size_and_the_scale_that_the_configuration_says()
    {
        Tensor<float> latents = Encode(Reference.RedHeart(64));
        output.WriteLine($"deviation {TensorPrimitives.StdDev(latents.Values()):0.00}");
        Assert.Equal([1, 4, 16, 16], latents.Lengths.ToArray());
        Assert.Equal(new LatentSpace { Channels = 4, DownsamplingFactor = 4, Scale = companion.Decoder.LatentSpace.Scale }, companion.Encoder.LatentSpace);

        // Unit deviation over the training pictures; this is one of them.
        Assert.Equal(1, TensorPrimitives.StdDev(latents.Values()), 0.5);
    }

    [Fact]
    public void Encoding_draws_nothing()
    {
        var noise = new TorchCpuNoise(1UL);
        Tensor<float> latents = companion.Encoder.Encode(Reference.RedHeart(64), noise);
        Assert.Equal(Encode(Reference.RedHeart(64)).Values(), latents.Values());

        var (next, first) = (new float[16], new float[16]);
        noise.Fill(next);
        new TorchCpuNoise(1UL).Fill(first);
        Assert.Equal(first, next);
    }

    [Fact]
    public void Latents_a_little_off_decode_to_the_same_picture()
    {
        // Nearest entries stay nearest; a decoder without a codebook would follow every change.
        Tensor<float> latents = Encode(Reference.RedHeart(64));
        float[] picture = companion.Decoder.Decode(latents).Values().ToArray();
        Assert.Equal(picture, companion.Decoder.Decode(Off(latents, 1e-5f)).Values().ToArray());

        // Other entries are another picture.
        Assert.NotEqual(picture, companion.Decoder.Decode(Off(latents, 1)).Values().ToArray());
    }

    [Fact]
    public void A_picture_that_has_come_back_once_changes_less_the_second_time()
    {
        Tensor<float> heart = Reference.RedHeart(64);
        Tensor<float> once = Return(heart);
        (double first, double second) = (Psnr.Between(heart, once), Psnr.Between(once, Return(once)));
        output.WriteLine($"{first:0.0} dB, then {second:0.0} dB");
        Assert.True(second > first, $"{first} dB, then {second} dB");
    }

    private static Tensor<float> Off(Tensor<float> latents, float deviation)
    {
        var off = new float[latents.FlattenedLength];
        new TorchCpuNoise(1UL).Fill(off);
        TensorPrimitives.MultiplyAdd(off, deviation, latents.Values(), off);
        Assert.False(latents.Values().SequenceEqual(off));
        return Tensor.Create(off, latents.Lengths);
    }

    private Tensor<float> Encode(Tensor<float> picture) => companion.Encoder.Encode(picture, new TorchCpuNoise(0UL));

    private Tensor<float> Return(Tensor<float> picture)
    {
        Tensor<float> returned = companion.Decoder.Decode(Encode(picture));
        return Pictures.Create(3, 64, 64, (c, y, x) => Math.Clamp(returned[0, c, y, x], -1, 1));
    }

    public sealed class Model : IDisposable
    {
        public OnnxLatentEncoder Encoder { get; } = new(Companion.PathOf("emoji-vq", "vae_encoder", "model.onnx"));

        public OnnxLatentDecoder Decoder { get; } = new(Companion.PathOf("emoji-vq", "vae_decoder", "model.onnx"));

        public void Dispose()
        {
            Encoder.Dispose();
            Decoder.Dispose();
        }
    }
}
