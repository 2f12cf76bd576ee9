using System.Numerics.Tensors;
using DiffusionSharp.Latents;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Tests.Latents.Tiling;

public class TiledLatentDecoderTests
{
    private static readonly LatentTiling Small = new() { TileSize = 64, WholeSize = 0, Overlap = 0.5 };

    [Theory]
    [InlineData(40, 52)]
    [InlineData(16, 33)]
    [InlineData(61, 16)]
    [InlineData(17, 17)]
    public void Where_a_quarter_of_the_overlap_covers_the_receptive_field_tiles_change_nothing(int height, int width)
    {
        // A tile has 16 latents, neighbours share 8, of which the outer 2 are context: as many as the decoder looks at.
        using var decoder = new Blur(radius: 2);
        Tensor<float> latents = Latents(2, height, width);
        Tensor<float> whole = decoder.Decode(latents);
        decoder.Shapes.Clear();
        Tensor<float> tiled = new TiledLatentDecoder(decoder, Small).Decode(latents);
        Assert.Equal(whole.Lengths, tiled.Lengths);
        Assert.All(decoder.Shapes, shape => Assert.Equal("[2, 3, 16, 16]", shape));
        Assert.True(decoder.Shapes.Count > 1);
        AssertEqual(whole, tiled);
    }

    [Fact]
    public void Where_it_does_not_the_interior_is_the_same()
    {
        // Two tiles that share 4 latents: the seam is one or two latents wide, and 5 around the middle of the picture may differ.
        using var decoder = new Blur(radius: 2);
        Tensor<float> latents = Latents(1, 16, 28);
        Tensor<float> whole = decoder.Decode(latents);
        Tensor<float> tiled = new TiledLatentDecoder(decoder, Small with { Overlap = 0.25 }).Decode(latents);
        float[] differences = [.. whole.Values().ToArray().Zip(tiled.Values().ToArray(), (a, b) => Math.Abs(a - b))];
        Assert.All(differences.Index(), item => Assert.True(item.Item < 1e-6 || item.Index % (28 * 4) is >= 12 * 4 and < 16 * 4));
        Assert.Contains(differences, difference => difference > 0.01);
    }

    [Fact]
    public void Tiles_that_go_around_leave_no_seam_at_the_edges()
    {
        Tensor<float> latents = Latents(1, 16, 24);
        var tiling = new LatentTiling { TileSize = 64, Overlap = 0.5, WrapsHorizontally = true, WrapsVertically = true };
        AssertEqual(new Blur(radius: 2, wraps: true).Decode(latents), new TiledLatentDecoder(new Blur(radius: 2), tiling).Decode(latents));
    }

    [Fact]
    public void Small_pictures_stay_whole()
    {
        using var decoder = new Blur(radius: 1, factor: 8);
        var tiled = new TiledLatentDecoder(decoder);
        tiled.Decode(Latents(1, 96, 96));
        tiled.Decode(Latents(1, 97, 96));
        Assert.Equal("[1, 3, 96, 96]", decoder.Shapes[0]);
        Assert.All(decoder.Shapes.Skip(1), shape => Assert.Equal("[1, 3, 64, 64]", shape));
        Assert.Equal(4, decoder.Shapes.Count - 1);
    }

    [Fact]
    public void Decoding_stops_between_tiles()
    {
        using var stop = new CancellationTokenSource();
        using var decoder = new Blur(radius: 1) { BeforeCall = stop.Cancel };
        Assert.Throws<OperationCanceledException>(() => new TiledLatentDecoder(decoder, Small).Decode(Latents(1, 40, 40), DecodingContext.None, stop.Token));
        Assert.Single(decoder.Shapes);
    }

    [Fact]
    public void A_decoder_that_makes_another_size_is_refused_with_words()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new TiledLatentDecoder(new Crops(), Small).Decode(Latents(1, 40, 40)));
        Assert.Contains("made [1, 3, 5, 5] of a tile of 16 x 16 latents", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_wrapped_decoder_goes_with_it_unless_it_is_left_open()
    {
        var decoder = new Blur(radius: 1);
        new TiledLatentDecoder(decoder, leaveOpen: true).Dispose();
        Assert.False(decoder.IsDisposed);
        new TiledLatentDecoder(decoder).Dispose();
        Assert.True(decoder.IsDisposed);
    }

    [Fact]
    public void Numbers_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LatentTiling { TileSize = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LatentTiling { WholeSize = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LatentTiling { Overlap = 0.6 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LatentTiling { Overlap = double.NaN });
    }

    internal static Tensor<float> Latents(int batch, int height, int width)
    {
        var values = new float[batch * 3 * height * width];
        new TorchCpuNoise(1).Fill(values);
        return Tensor.Create(values, [batch, 3, height, width]);
    }

    // Two products and a sum of values of about 1, in float32.
    internal static void AssertEqual(Tensor<float> expected, Tensor<float> actual) =>
        Assert.All(expected.Values().ToArray().Zip(actual.Values().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 2e-6));

    private sealed class Crops : ILatentDecoder
    {
        public LatentSpace LatentSpace { get; } = new() { Channels = 3, DownsamplingFactor = 4 };

        public Tensor<float> Decode(Tensor<float> latents, DecodingContext context, CancellationToken cancellationToken = default) => Tensor.CreateFromShape<float>([1, 3, 5, 5]);
    }
}
