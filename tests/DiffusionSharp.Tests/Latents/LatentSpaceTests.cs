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
