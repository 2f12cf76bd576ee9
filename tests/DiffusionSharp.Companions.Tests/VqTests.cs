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
        Tensor<float> heart = Reference.RedHeart();
        double kept = Psnr.Between(heart, Return(heart));
        output.WriteLine($"{kept:0.0} dB");
        Assert.True(kept > 22, $"{kept} dB");
    }

    [Fact]
    public void Latents_are_of_the_size_and_the_scale_that_the_configuration_says()
    {
        Tensor<float> latents = Encode(Reference.RedHeart());
        output.WriteLine($"deviation {TensorPrimitives.StdDev(latents.Values()):0.00}");
        Assert.Equal([1, 8, 16, 16], latents.Lengths.ToArray());
        Assert.Equal(new LatentSpace { Channels = 8, DownsamplingFactor = 8 }, companion.Encoder.LatentSpace);

        // Unit deviation over the training pictures; this is one of them.
        Assert.Equal(1, TensorPrimitives.StdDev(latents.Values()), 0.5);
    }

    [Fact]
    public void Encoding_draws_nothing()
    {
        var noise = new TorchCpuNoise(1UL);
        Tensor<float> latents = companion.Encoder.Encode(Reference.RedHeart(), noise);
        Assert.Equal(Encode(Reference.RedHeart()).Values(), latents.Values());

        var (next, first) = (new float[16], new float[16]);
        noise.Fill(next);
        new TorchCpuNoise(1UL).Fill(first);
        Assert.Equal(first, next);
    }

    /// <summary>What is nearer to an entry than to all others is convex, so a line goes through it once.</summary>
    [Fact]
    public void From_one_latent_to_another_pictures_change_in_steps_and_none_comes_back()
    {
        const int Points = 400;
        const int Length = 8;
        float[] ends = new float[2 * Length];
        new TorchCpuNoise(2UL).Fill(ends);
        float[] line = [.. Enumerable.Range(0, Points * Length).Select(i => float.Lerp(ends[i % Length], ends[Length + (i % Length)], (float)(i / Length) / (Points - 1)))];
        float[] pictures = companion.Decoder.Decode(Tensor.Create(line, [Points, Length, 1, 1])).Values().ToArray();

        // A decoder without a codebook would draw another picture at each point. Entries may be as good as the same.
        int size = pictures.Length / Points;
        var seen = new List<float[]>();
        for (int i = 0; i < Points; i++)
        {
            float[] picture = pictures[(i * size)..((i + 1) * size)];
            int known = seen.FindIndex(other => TensorPrimitives.Distance<float>(picture, other) < 1e-4);
            Assert.True(known == -1 || known == seen.Count - 1, $"At {i} of {Points} the picture comes back that was left {seen.Count - 1 - known} pictures before.");
            if (known == -1)
            {
                seen.Add(picture);
            }
        }

        output.WriteLine($"{seen.Count} pictures at {Points} points");
        Assert.InRange(seen.Count, 3, Points / 4);
    }

    [Fact]
    public void A_picture_that_has_come_back_once_changes_less_the_second_time()
    {
        Tensor<float> heart = Reference.RedHeart();
        Tensor<float> once = Return(heart);
        (double first, double second) = (Psnr.Between(heart, once), Psnr.Between(once, Return(once)));
        output.WriteLine($"{first:0.0} dB, then {second:0.0} dB");
        Assert.True(second > first, $"{first} dB, then {second} dB");
    }

    private Tensor<float> Encode(Tensor<float> picture) => companion.Encoder.Encode(picture, new TorchCpuNoise(0UL));

    private Tensor<float> Return(Tensor<float> picture)
    {
        Tensor<float> returned = companion.Decoder.Decode(Encode(picture));
        return Pictures.Create(3, (int)picture.Lengths[2], (int)picture.Lengths[3], (c, y, x) => Math.Clamp(returned[0, c, y, x], -1, 1));
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
