using System.Numerics.Tensors;
using DiffusionSharp.Latents;

namespace DiffusionSharp.Tests.Latents;

/// <summary>The numbers are those of PyTorch 1.13's <c>torch.nn.functional.interpolate</c>.</summary>
public class ResizeTests
{
    private static readonly Tensor<float> Planes = Tensor.Create([1f, -2, 3, 0.5f, 4, 0, -1, 2, -3, 5, 1, 1.5f], [1, 1, 3, 4]);

    [Theory]
    [InlineData(
        Resampling.Nearest,
        new[] { 1f, 1, -2, -2, 3, 3, 0.5f, 1, 1, -2, -2, 3, 3, 0.5f, 4, 4, 0, 0, -1, -1, 2, 4, 4, 0, 0, -1, -1, 2, -3, -3, 5, 5, 1, 1, 1.5f })]
    [InlineData(
        Resampling.Bilinear,
        new[]
        {
            1, -0.071429f, -1.785714f, 0.500001f, 2.821428f, 1.392857f, 0.5f, 2.2f, 0.985714f, -0.957143f, 0.1f, 1.378571f, 1.207143f, 1.1f, 4, 2.571428f, 0.285714f, -0.5f,
            -0.785714f, 0.928572f, 2, -0.200001f, 0.942857f, 2.771429f, 1.6f, 0.307143f, 1.164286f, 1.7f, -3, -0.142857f, 4.428572f, 3, 1.035714f, 1.321429f, 1.5f,
        })]
    [InlineData(
        Resampling.Bicubic,
        new[]
        {
            1.000125f, -0.620432f, -2.283411f, 0.607626f, 3.468315f, 1.730682f, 0.055573f, 3.089869f, 1.041553f, -1.474119f, -0.521187f, 1.426758f, 1.358983f, 1.099546f,
            4.396868f, 2.698525f, 0.275056f, -1.15625f, -0.874545f, 0.916272f, 2.297649f, -0.392636f, 1.247887f, 3.167744f, 1.701813f, -0.108189f, 0.965199f, 1.987138f,
            -4.580031f, -0.289814f, 5.154431f, 4.169625f, 1.008806f, 1.099705f, 1.477797f,
        })]
    [InlineData(
        Resampling.BilinearCorners,
        new[]
        {
            1, -0.5f, -2, 0.5f, 3, 1.75f, 0.5f, 2.5f, 0.75f, -1, 0, 1, 1.125f, 1.25f, 4, 2, 0, -0.5f,
            -1, 0.5f, 2, 0.5f, 1.5f, 2.5f, 1.25f, 0, 0.875f, 1.75f, -3, 1, 5, 3, 1, 1.25f, 1.5f,
        })]
    [InlineData(
        Resampling.BicubicInside,
        new[]
        {
            1.005579f, -0.317973f, -2.186086f, 0.574882f, 3.337456f, 1.475499f, 0.155547f, 2.6741f, 1.075588f, -1.439479f, -0.221782f, 1.579771f, 1.302819f, 1.0121f, 4.317308f, 2.829967f, 0.21178f, -0.9375f,
            -0.894928f, 1.05566f, 2.237981f, -0.70763f, 0.84393f, 3.265062f, 1.860308f, 0.09406f, 1.129459f, 1.871295f, -4.234762f, -0.676949f, 5.104091f, 3.801297f, 1.035192f, 1.206861f, 1.48696f,
        })]
    public void Planes_are_resized_as_PyTorch_does(Resampling resampling, float[] expected)
    {
        Tensor<float> resized = Planes.Resize(5, 7, resampling);
        Assert.Equal([1, 1, 5, 7], resized.Lengths);
        Assert.All(expected.Zip(resized.Values().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 3e-6));
    }

    [Fact]
    public void Every_plane_is_resized_by_itself()
    {
        Tensor<float> two = Tensor.Create([.. Planes.Values(), .. Tensor.Multiply(Planes, 2f).Values()], [2, 1, 3, 4]).Resize(6, 8);
        Assert.Equal(Planes.Resize(6, 8).Values(), two.Values()[..48]);
        Assert.Equal(Tensor.Multiply(Planes, 2f).Resize(6, 8).Values(), two.Values()[48..]);
    }

    [Fact]
    public void What_cannot_be_resized_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Planes.Resize(0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Planes.Resize(4, 4, (Resampling)7));
        Assert.Contains("[2, 2]", Assert.Throws<ArgumentException>(() => Tensor.CreateFromShape<float>([2, 2]).Resize(4, 4)).Message, StringComparison.Ordinal);
    }
}
