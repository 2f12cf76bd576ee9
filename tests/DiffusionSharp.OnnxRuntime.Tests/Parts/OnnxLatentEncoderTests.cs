using System.Numerics.Tensors;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.OnnxRuntime.Tests.Support;

namespace DiffusionSharp.OnnxRuntime.Tests.Parts;

public class OnnxLatentEncoderTests
{
    private const int LatentLength = 2 * 3;

    private static readonly LatentSpace Space = new() { Channels = 4, DownsamplingFactor = 2, Scale = 0.5f, Shift = 0.25f };

    [Fact]
    public void A_latent_is_drawn_as_mean_plus_deviation_times_noise()
    {
        // The model's log-variances: 2·ln(1/2), 2·ln(1/4), and two that are cut to -30 and 20, as diffusers cuts them.
        double[] deviation = [0.5, 0.25, Math.Exp(-15), Math.Exp(10)];
        AssertDrawn("parameters-float32", deviation, relative: 1e-6);
    }

    [Fact]
    public void A_float16_latent_is_drawn_too()
    {
        double[] deviation = [0.5, 0.25, Math.Exp(-15), 1];

        // Each of the four channels' means and log-variances of up to 8 has been rounded to 11 bits a few times.
        AssertDrawn("parameters-float16", deviation, relative: 4.0 / 2048);
    }

    [Fact]
    public void A_latent_that_the_model_draws_itself_is_scaled_and_leaves_the_noise_alone()
    {
        using OnnxLatentEncoder encoder = Load("sample-float32");
        Tensor<float> picture = Values.Tensor(0, 1, 3, 4, 6);
        Tensor<float> latent = encoder.Encode(picture, new NoNoise());

        Assert.Equal([1, 4, 2, 3], latent.Lengths.ToArray());

        // A few float32 roundings of values below 8.
        Assertions.Near(Array.ConvertAll(PictureFormula.EncodeMean(picture, 2), z => (z - 0.25) * 0.5), latent.Values(), 1e-6);
    }

    // diffusers: (latents - latents_mean) * scaling_factor / latents_std.
    [Fact]
    public void Each_channel_loses_its_mean_and_deviation()
    {
        var space = new LatentSpace { Channels = 4, DownsamplingFactor = 2, Scale = 0.5f, Statistics = new ChannelStatistics([1, -1, 0.5f, 2], [2, 0.5f, 4, 1]) };
        using var encoder = new OnnxLatentEncoder(Fixture.Path("encoders/sample-float32.onnx"), space);
        Tensor<float> picture = Values.Tensor(0, 1, 3, 4, 6);
        double[] expected = [.. PictureFormula.EncodeMean(picture, 2).Select((z, i) => (z - space.Statistics.Means[i / LatentLength]) * 0.5 / space.Statistics.Deviations[i / LatentLength])];
        Assertions.Near(expected, encoder.Encode(picture, new NoNoise()).Values(), 1e-5);
    }

    [Fact]
    public void Encoding_is_one_draw_of_the_latents_length()
    {
        using OnnxLatentEncoder encoder = Load("parameters-float32");
        var noise = new RecordingNoise();
        encoder.Encode(Values.Tensor(0, 1, 3, 4, 6), noise);
        Assert.Equal([4 * LatentLength], noise.Draws);
    }

    [Theory]
    [InlineData(1, 3, 4, 5, "multiples of 2")]
    [InlineData(1, 3, 5, 4, "multiples of 2")]
    [InlineData(2, 3, 4, 4, "one picture")]
    [InlineData(1, 4, 4, 4, "[batch, 3, height, width]")]
    public void A_picture_of_a_shape_that_does_not_fit_is_refused(int batch, int channels, int height, int width, string said)
    {
        using OnnxLatentEncoder encoder = Load("sample-float32");
        var error = Assert.Throws<ArgumentException>("image", () => encoder.Encode(Values.Tensor(0, batch, channels, height, width), new NoNoise()));
        error.Says(said, $"[{batch}, {channels}, {height}, {width}]");
    }

    [Fact]
    public void Picture_and_noise_are_needed()
    {
        using OnnxLatentEncoder encoder = Load("sample-float32");
        Assert.Throws<ArgumentNullException>("image", () => encoder.Encode(null!, new NoNoise()));
        Assert.Throws<ArgumentNullException>("noise", () => encoder.Encode(Values.Tensor(0, 1, 3, 4, 4), null!));
    }

    [Fact]
    public void A_model_of_other_channels_than_its_latent_space_is_refused()
    {
        using var encoder = new OnnxLatentEncoder(Fixture.Path("encoders/parameters-float32.onnx"), new LatentSpace { Channels = 16, DownsamplingFactor = 2 });
        var error = Assert.Throws<ModelFormatException>(() => encoder.Encode(Values.Tensor(0, 1, 3, 4, 4), new TorchCpuNoise(0UL)));
        error.Says("parameters-float32.onnx", "'latent_parameters' has 8 channels", "expected 32");
    }

    private static void AssertDrawn(string model, double[] deviation, double relative)
    {
        using OnnxLatentEncoder encoder = Load(model);
        Tensor<float> picture = Values.Tensor(5, 1, 3, 4, 6);
        Tensor<float> latent = encoder.Encode(picture, new TorchCpuNoise(4UL));

        Assert.Equal([1, 4, 2, 3], latent.Lengths.ToArray());
        var noise = new float[4 * LatentLength];
        new TorchCpuNoise(4UL).Fill(noise);
        double[] mean = PictureFormula.EncodeMean(picture, 2);
        for (int i = 0; i < noise.Length; i++)
        {
            double spread = deviation[i / LatentLength] * noise[i];
            double expected = (mean[i] + spread - 0.25) * 0.5;
            double tolerance = relative * (8 + Math.Abs(spread));
            Assert.True(Math.Abs(expected - latent.Values()[i]) <= tolerance, $"Value {i} is {latent.Values()[i]}, expected {expected} within {tolerance}.");
        }
    }

    private static OnnxLatentEncoder Load(string model) => new(Fixture.Path($"encoders/{model}.onnx"), Space);

    private sealed class NoNoise : INoiseSource
    {
        public void Fill(Span<float> destination) => Assert.Fail("The noise was drawn.");

        public void Save(BinaryWriter writer)
        {
        }

        public void Restore(BinaryReader reader)
        {
        }
    }

    private sealed class RecordingNoise : INoiseSource
    {
        public List<int> Draws { get; } = [];

        public void Fill(Span<float> destination)
        {
            Draws.Add(destination.Length);
            destination.Clear();
        }

        public void Save(BinaryWriter writer)
        {
        }

        public void Restore(BinaryReader reader)
        {
        }
    }
}
