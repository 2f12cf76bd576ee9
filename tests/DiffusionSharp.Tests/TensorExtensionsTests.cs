using System.Numerics.Tensors;

namespace DiffusionSharp.Tests;

public class TensorExtensionsTests
{
    private static Tensor<float> TwoByThree => Tensor.Create([1f, 2, 3, 4, 5, 6], [2, 3]);

    [Fact]
    public void Values_are_in_row_major_order() => Assert.Equal([1, 2, 3, 4, 5, 6], TwoByThree.Values());

    [Fact]
    public void Values_of_a_dense_tensor_are_its_own_memory()
    {
        Tensor<float> tensor = TwoByThree;
        ReadOnlySpan<float> values = tensor.Values();
        tensor[1, 0] = 40;
        Assert.Equal(40, values[3]);
    }

    [Theory]
    [InlineData(new[] { 6 })]
    [InlineData(new[] { 6, 1 })]
    [InlineData(new[] { 1, 6, 1, 1 })]
    [InlineData(new[] { 2, 3, 1, 1 })]
    [InlineData(new[] { 1, 1, 1, 6 })]
    [InlineData(new[] { 1, 2, 1, 3, 1 })]
    public void Dimensions_of_one_entry_make_no_difference(int[] lengths)
    {
        // Embeddings are [B, C, 1, 1], and a picture may be a column.
        Tensor<float> tensor = Tensor.Create([1f, 2, 3, 4, 5, 6], Array.ConvertAll(lengths, l => (nint)l));
        Assert.Equal([1, 2, 3, 4, 5, 6], tensor.Values());
    }

    [Fact]
    public void Values_of_a_view_are_those_that_it_shows()
    {
        Assert.Equal([1, 4, 2, 5, 3, 6], Tensor.PermuteDimensions(TwoByThree, [1, 0]).Values());
        Assert.Equal([2, 3, 5, 6], TwoByThree.Slice([0..2, 1..3]).Values());
        Assert.Equal([2, 5], TwoByThree.Slice([0..2, 1..2]).Values());
        Assert.Equal([4, 5, 6], TwoByThree.Slice([1..2, 0..3]).Values());
        Assert.Equal([7, 7, 7], Tensor.Create([7f], [1, 3], [0, 0]).Values());
    }

    [Fact]
    public void An_empty_tensor_has_no_values() => Assert.True(Tensor.CreateFromShape<float>([0, 3]).Values().IsEmpty);

    [Fact]
    public void The_shape_reads_as_a_list()
    {
        Assert.Equal("[2, 3]", TwoByThree.ShapeText());
        Assert.Equal("[1, 4, 64, 64]", Tensor.CreateFromShape<long>([1, 4, 64, 64]).ShapeText());
    }

    [Fact]
    public void Nothing_is_not_a_tensor()
    {
        Assert.Equal("tensor", Assert.Throws<ArgumentNullException>(() => ((Tensor<float>)null!).Values()).ParamName);
        Assert.Equal("tensor", Assert.Throws<ArgumentNullException>(() => ((Tensor<float>)null!).ShapeText()).ParamName);
    }
}
