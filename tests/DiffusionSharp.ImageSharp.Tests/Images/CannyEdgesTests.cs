using System.Numerics.Tensors;
using DiffusionSharp.ImageSharp.Tests.Support;

namespace DiffusionSharp.ImageSharp.Tests.Images;

/// <summary>Edges beside those that OpenCV finds in the same picture.</summary>
public class CannyEdgesTests
{
    [Theory]
    [InlineData(100, 200)]
    [InlineData(30, 60)]
    [InlineData(250, 600)]
    public void They_are_those_of_OpenCV(int low, int high)
    {
        float[] expected = [.. Load($"edges-{low}-{high}.png")];
        Assert.Contains(1, expected);
        Assert.Contains(-1, expected);
        Assert.Equal(expected, CannyEdges.Detect(Load("edges-of.png"), low, high).ToArray());
    }

    [Fact]
    public void Each_picture_of_a_batch_has_its_own()
    {
        Tensor<float> picture = Load("edges-of.png");
        Tensor<float> plain = Tensor.Create(new float[picture.FlattenedLength], picture.Lengths);
        float[] both = [.. CannyEdges.Detect(Tensor.Concatenate<float>([plain, picture]))];
        Assert.All(both[..(both.Length / 2)], value => Assert.Equal(-1, value));
        Assert.Equal(CannyEdges.Detect(picture).ToArray(), both[(both.Length / 2)..]);
    }

    [Fact]
    public void What_is_no_picture_and_thresholds_the_wrong_way_round_are_refused()
    {
        Assert.Throws<ArgumentException>(() => CannyEdges.Detect(Tensor.Create(new float[4], [2, 2])));
        Assert.Throws<ArgumentOutOfRangeException>(() => CannyEdges.Detect(Load("edges-of.png"), 200, 100));
        Assert.Throws<ArgumentOutOfRangeException>(() => CannyEdges.Detect(Load("edges-of.png"), -1, 100));
    }

    private static Tensor<float> Load(string name) => ImageTensors.Load(Fixture.Path(name), ImageFit.ToMultipleOf(1));
}
