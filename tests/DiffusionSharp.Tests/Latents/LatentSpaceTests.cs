using System.Numerics.Tensors;
using DiffusionSharp.Latents;

namespace DiffusionSharp.Tests.Latents;

public class LatentSpaceTests
{
    [Fact]
    public void Pixels_are_neither_scaled_nor_made_smaller()
    {
        LatentSpace space = LatentSpace.Pixels();
        Assert.Equal((3, 1, 1f, 0f), (space.Channels, space.DownsamplingFactor, space.Scale, space.Shift));
        Assert.Equal(1, LatentSpace.Pixels(1).Channels);
    }

    [Fact]
    public void The_default_is_the_geometry_of_stable_diffusion()
    {
        // arXiv:2112.10752: f = 8, 4 channels.
        var space = new LatentSpace();
        Assert.Equal((4, 8), (space.Channels, space.DownsamplingFactor));
    }

    [Fact]
    public void Numbers_without_a_meaning_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new LatentSpace { Channels = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LatentSpace { DownsamplingFactor = 0 });
        foreach (float scale in (float[])[0, -1, float.NaN, float.PositiveInfinity])
        {
            Assert.Contains("scale", Assert.Throws<ArgumentOutOfRangeException>(() => new LatentSpace { Scale = scale }).Message, StringComparison.Ordinal);
        }
    }

    // Closed form, of numbers that are exact in float32.
    [Fact]
    public void Channels_are_brought_to_their_own_mean_and_deviation_and_back()
    {
        var space = new LatentSpace { Channels = 2, Scale = 0.5f, Shift = 1, Statistics = new ChannelStatistics([3, -2], [4, 0.25f]) };
        float[] latent = [8, 0, 12, 1.5f];
        float[] diffused = [.. latent];
        space.Normalize(diffused);
        Assert.Equal([(8 - 3 - 1) * 0.5f / 4, (0 - 3 - 1) * 0.5f / 4, (12 + 2 - 1) * 0.5f / 0.25f, (1.5f + 2 - 1) * 0.5f / 0.25f], diffused);
        space.Restore(diffused);
        Assert.Equal(latent, diffused);
    }

    [Fact]
    public void Spaces_of_the_same_statistics_are_equal()
    {
        LatentSpace Space(float deviation) => new() { Channels = 2, Statistics = new ChannelStatistics([3, -2], [4, deviation]) };
        Assert.Equal(Space(2), Space(2));
        Assert.NotEqual(Space(2), Space(3));
        Assert.NotEqual(Space(2), new LatentSpace { Channels = 2 });
    }

    [Fact]
    public void Statistics_without_a_meaning_are_refused()
    {
        foreach ((float[] means, float[] deviations) in ((float[], float[])[])[([], []), ([1], [1, 2]), ([1], [0]), ([float.NaN], [1]), ([1], [float.PositiveInfinity])])
        {
            Assert.Contains("each channel", Assert.Throws<ArgumentException>(() => new ChannelStatistics(means, deviations)).Message, StringComparison.Ordinal);
        }

        var space = new LatentSpace { Channels = 4, Statistics = new ChannelStatistics([1], [1]) };
        Assert.Contains("1 channels", Assert.Throws<InvalidOperationException>(() => space.Normalize(new float[8])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_of_another_shape_is_refused_with_both_shapes()
    {
        foreach (nint[] lengths in (nint[][])[[1, 4, 2, 2], [3, 2, 2], [1, 1, 3, 2, 2], [0, 3, 2, 2]])
        {
            Tensor<float> tensor = Tensor.CreateFromShape<float>(lengths);
            var e = Assert.Throws<ArgumentException>(() => LatentSpace.RequireChannels(tensor, 3, "image"));
            Assert.Equal("image", e.ParamName);
            Assert.Contains("[batch, 3, height, width]", e.Message, StringComparison.Ordinal);
            Assert.Contains($"[{string.Join(", ", lengths)}]", e.Message, StringComparison.Ordinal);
        }

        Assert.Equal("image", Assert.Throws<ArgumentNullException>(() => LatentSpace.RequireChannels(null!, 3, "image")).ParamName);
    }

    [Fact]
    public void A_tensor_of_the_right_shape_is_let_through() => LatentSpace.RequireChannels(Tensor.CreateFromShape<float>([2, 3, 1, 5]), 3, "image");
}
