using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Latents;

/// <summary>Shapes that PixArt was trained at, by the lists of its authors.</summary>
public class AspectRatioSpaceTests
{
    private static readonly LatentSpace Autoencoder = new() { Channels = 4, DownsamplingFactor = 8, Scale = 0.18215f };

    [Theory]
    [InlineData(1024, 1024, 1024, 1024, 1024)]
    [InlineData(1024, 64, 64, 1024, 1024)]
    [InlineData(1024, 768, 1344, 768, 1344)]
    [InlineData(1024, 100, 4000, 512, 2048)]
    [InlineData(1024, 4000, 100, 2048, 512)]
    [InlineData(1024, 832, 1216, 832, 1216)]
    [InlineData(1024, 1088, 896, 1088, 896)]
    [InlineData(1024, 720, 1280, 768, 1344)]
    [InlineData(512, 480, 640, 416, 576)]
    [InlineData(256, 64, 96, 208, 304)]
    [InlineData(256, 300, 100, 432, 144)]
    [InlineData(2048, 260, 1000, 1024, 3968)]
    [InlineData(2048, 1000, 260, 3968, 1024)]
    [InlineData(1024, 260, 1000, 512, 2048)]
    public void A_sample_has_the_shape_of_the_nearest_ratio(int side, int height, int width, int binnedHeight, int binnedWidth)
    {
        SampleShape shape = new AspectRatioSpace(Autoencoder, side).ShapeOf(new GenerationRequest { Height = height, Width = width }, 2);
        Assert.Equal(new SampleShape(2, 4, binnedHeight / 8, binnedWidth / 8), shape);
    }

    [Fact]
    public void A_request_may_ask_for_its_own_size()
    {
        var space = new AspectRatioSpace(Autoencoder, 1024);
        var request = new GenerationRequest { Height = 48, Width = 96, Parts = [new ResolutionBinning(false)] };
        Assert.Equal(new SampleShape(1, 4, 6, 12), space.ShapeOf(request, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => space.ShapeOf(request with { Width = 100 }, 1));
    }

    [Fact]
    public void The_rest_is_the_autoencoders()
    {
        var space = new AspectRatioSpace(Autoencoder, 256);
        Assert.Equal((4, 8, 0.18215f, 1), (space.Channels, space.DownsamplingFactor, space.Scale, space.SizeMultiple));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AspectRatioSpace(Autoencoder, 1000));
    }

    // A plane that rises linearly stays linear: the value at the middle of a pixel, except at the edges, where the nearest one counts.
    [Fact]
    public void The_decoder_covers_the_requests_size_and_cuts_both_sides_alike()
    {
        using var decoder = new CroppingDecoder(new Ramp(8, 16));
        var context = new DecodingContext(new GenerationRequest { Height = 4, Width = 4 }, Conditioning.None);
        Tensor<float> picture = decoder.Decode(Tensor.CreateFromShape<float>([1, 4, 1, 1]), context);
        Assert.Equal([1, 3, 4, 4], picture.Lengths.ToArray());

        // 8 x 16 is halved to 4 x 8, of which the columns 2 to 5 stay; pixel i of a side had its middle at 2·i + 0.5.
        Assert.Equal([54.5f, 56.5f, 58.5f, 60.5f], picture.Values()[..4].ToArray());
        Assert.Equal(4.5f + (100 * 6.5f), picture.Values()[12], 1e-3f);
        Assert.Equal([1, 3, 8, 16], decoder.Decode(Tensor.CreateFromShape<float>([1, 4, 1, 1]), DecodingContext.None).Lengths.ToArray());
    }

    private sealed class Ramp(int height, int width) : ILatentDecoder
    {
        public LatentSpace LatentSpace => Autoencoder;

        public Tensor<float> Decode(Tensor<float> latents, DecodingContext context, CancellationToken cancellationToken = default) =>
            Tensor.Create([.. Enumerable.Range(0, 3 * height * width).Select(i => (i % width) + (100f * (i / width % height)))], [1, 3, height, width]);
    }
}
