using System.Numerics.Tensors;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;
using DiffusionSharp.Tests.Schedulers;

namespace DiffusionSharp.Tests.Latents.Tiling;

public class TiledLatentEncoderTests
{
    private static readonly LatentTiling Small = new() { TileSize = 64, WholeSize = 0, Overlap = 0.5 };

    [Theory]
    [InlineData(160, 208)]
    [InlineData(64, 132)]
    public void Where_a_quarter_of_the_overlap_covers_the_receptive_field_tiles_change_nothing(int height, int width)
    {
        using var encoder = new Blur(radius: 2);
        Tensor<float> picture = TiledLatentDecoderTests.Latents(1, height, width);
        (TorchCpuNoise forWhole, TorchCpuNoise forTiles) = (new(7), new(7));
        Tensor<float> whole = encoder.Encode(picture, forWhole);
        encoder.Shapes.Clear();
        Tensor<float> tiled = new TiledLatentEncoder(encoder, Small).Encode(picture, forTiles);
        Assert.All(encoder.Shapes, shape => Assert.Equal("[1, 3, 64, 64]", shape));
        Assert.True(encoder.Shapes.Count > 1);
        Assert.Equal(whole.Lengths, tiled.Lengths);
        TiledLatentDecoderTests.AssertEqual(whole, tiled);

        // The posterior was drawn once, so the stream goes on as without tiles.
        (float[] next, float[] nextOfTiles) = (new float[5], new float[5]);
        forWhole.Fill(next);
        forTiles.Fill(nextOfTiles);
        Assert.Equal(next, nextOfTiles);
    }

    [Fact]
    public void Encoders_that_draw_nothing_leave_the_noise_alone()
    {
        ScriptedNoise noise = ScriptedNoise.Constant(1, 2);
        var tiling = new LatentTiling { TileSize = 8, WholeSize = 0 };
        Tensor<float> picture = TiledLatentDecoderTests.Latents(1, 20, 20);
        TiledLatentDecoderTests.AssertEqual(picture, new TiledLatentEncoder(new PixelSpace(), tiling).Encode(picture, noise));
        Assert.Equal(0, noise.Draws);
    }

    [Fact]
    public void Small_pictures_and_those_that_the_encoder_refuses_go_to_it_as_they_are()
    {
        using var encoder = new Blur(radius: 1);
        new TiledLatentEncoder(encoder).Encode(TiledLatentDecoderTests.Latents(1, 768, 768), new TorchCpuNoise(1));
        Assert.Equal("[1, 3, 768, 768]", Assert.Single(encoder.Shapes));
        Assert.Throws<ArgumentException>(() => new TiledLatentEncoder(new PixelSpace(1), Small).Encode(TiledLatentDecoderTests.Latents(2, 80, 80), new TorchCpuNoise(1)));
    }

    [Fact]
    public void An_encoder_that_draws_something_else_is_refused_with_words()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new TiledLatentEncoder(new DrawsTwo(), Small).Encode(TiledLatentDecoderTests.Latents(1, 160, 160), new TorchCpuNoise(1)));
        Assert.Contains("draws 2 values for a tile of 3 x 16 x 16 latents", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_wrapped_encoder_goes_with_it_unless_it_is_left_open()
    {
        var encoder = new Blur(radius: 1);
        new TiledLatentEncoder(encoder, leaveOpen: true).Dispose();
        Assert.False(encoder.IsDisposed);
        new TiledLatentEncoder(encoder).Dispose();
        Assert.True(encoder.IsDisposed);
    }

    private sealed class DrawsTwo : ILatentEncoder
    {
        public LatentSpace LatentSpace { get; } = new() { Channels = 3, DownsamplingFactor = 4 };

        public Tensor<float> Encode(Tensor<float> image, INoiseSource noise, CancellationToken cancellationToken = default)
        {
            noise.Fill(new float[2]);
            return image;
        }
    }
}
