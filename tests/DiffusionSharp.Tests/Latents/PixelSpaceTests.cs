using System.Numerics.Tensors;
using DiffusionSharp.Latents;
using DiffusionSharp.Tests.Schedulers;

namespace DiffusionSharp.Tests.Latents;

public class PixelSpaceTests
{
    [Fact]
    public void Decoding_and_encoding_return_what_they_are_given()
    {
        var space = new PixelSpace(1);
        Tensor<float> picture = Tensor.Create([0.5f, -0.5f], [1, 1, 1, 2]);
        ScriptedNoise noise = ScriptedNoise.Constant(1, 2);
        Assert.Equal([0.5f, -0.5f], space.Decode(picture, DecodingContext.None).Values());
        Assert.Equal([0.5f, -0.5f], space.Encode(picture, noise).Values());
        Assert.Equal(0, noise.Draws);
    }

    [Fact]
    public void Another_channel_count_is_refused_by_name()
    {
        var space = new PixelSpace();
        Tensor<float> gray = Tensor.CreateFromShape<float>([1, 1, 2, 2]);
        Assert.Equal("latents", Assert.Throws<ArgumentException>(() => space.Decode(gray, DecodingContext.None)).ParamName);
        Assert.Equal("image", Assert.Throws<ArgumentException>(() => space.Encode(gray, ScriptedNoise.Constant(0, 4))).ParamName);
    }
}
