using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Prediction;

public class SampleShapeTests
{
    [Fact]
    public void Lengths_are_products_of_the_extents()
    {
        var shape = new SampleShape(2, 4, 64, 48);
        Assert.Equal(4 * 64 * 48, shape.ImageLength);
        Assert.Equal(2 * 4 * 64 * 48, shape.Length);
        Assert.Equal([2, 4, 64, 48], shape.ToLengths());
        Assert.Equal("[2, 4, 64, 48]", shape.ToString());
    }

    [Fact]
    public void Another_batch_size_keeps_the_image() => Assert.Equal(new SampleShape(7, 4, 64, 48), new SampleShape(2, 4, 64, 48).WithBatch(7));

    [Theory]
    [InlineData(0, 1, 1, 1, "batch")]
    [InlineData(1, 0, 1, 1, "channels")]
    [InlineData(1, 1, -1, 1, "height")]
    [InlineData(1, 1, 1, 0, "width")]
    public void An_extent_below_1_is_refused_by_name(int batch, int channels, int height, int width, string name) =>
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => new SampleShape(batch, channels, height, width)).ParamName);

    [Fact]
    public void A_length_beyond_what_a_span_holds_is_an_overflow_and_not_a_wrong_number() =>
        Assert.Throws<OverflowException>(() => new SampleShape(1, 3, 100_000, 100_000).ImageLength);
}
