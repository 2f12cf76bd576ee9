using System.Numerics.Tensors;
using DiffusionSharp.Prediction;

namespace DiffusionSharp.Tests.Prediction;

public class ConditioningTests
{
    private static readonly Conditioning Full = new()
    {
        Context = Tensor.Create([1f, 2, 3, 4], [1, 2, 2]),
        Pooled = Tensor.Create([5f, 6], [1, 2]),
        ClassLabels = Tensor.Create([7L], [1]),
        Concatenated = Tensor.Create([8f, 9], [1, 2, 1, 1]),
        Named = new Dictionary<string, Tensor<float>> { ["time_ids"] = Tensor.Create([10f], [1, 1]) },
    };

    [Fact]
    public void Repeating_repeats_every_part_image_by_image()
    {
        Conditioning three = Full.Repeat(3);
        AssertTensor([3, 2, 2], [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4], three.Context);
        AssertTensor([3, 2], [5, 6, 5, 6, 5, 6], three.Pooled);
        AssertTensor([3], [7L, 7, 7], three.ClassLabels);
        AssertTensor([3, 2, 1, 1], [8, 9, 8, 9, 8, 9], three.Concatenated);
        AssertTensor([3, 1], [10, 10, 10], three.Named["time_ids"]);
    }

    [Fact]
    public void Repeating_once_is_the_same() => Assert.Same(Full, Full.Repeat(1));

    [Fact]
    public void Repeating_less_than_once_is_refused() => Assert.Equal("count", Assert.Throws<ArgumentOutOfRangeException>(() => Full.Repeat(0)).ParamName);

    [Fact]
    public void Stacking_keeps_the_order_of_the_list()
    {
        Conditioning both = Conditioning.Stack([Full with { Pooled = Tensor.Create([-5f, -6, -7, -8], [2, 2]) }, Full]);
        AssertTensor([3, 2], [-5, -6, -7, -8, 5, 6], both.Pooled);
        AssertTensor([2], [7L, 7], both.ClassLabels);
        AssertTensor([2, 1], [10, 10], both.Named["time_ids"]);
    }

    [Fact]
    public void Nothing_stacks_to_nothing()
    {
        Conditioning none = Conditioning.Stack([Conditioning.None, Conditioning.None]);
        Assert.Null(none.Context);
        Assert.Null(none.Pooled);
        Assert.Null(none.ClassLabels);
        Assert.Null(none.Concatenated);
        Assert.Empty(none.Named);
    }

    [Fact]
    public void A_part_that_only_some_have_is_refused_by_name()
    {
        AssertNamed("'Context': 1 of 2", Full with { Context = null });
        AssertNamed("'Pooled': 1 of 2", Full with { Pooled = null });
        AssertNamed("'ClassLabels': 1 of 2", Full with { ClassLabels = null });
        AssertNamed("'Concatenated': 1 of 2", Full with { Concatenated = null });
        AssertNamed("'time_ids': 1 of 2", Full with { Named = new Dictionary<string, Tensor<float>>() });
    }

    [Fact]
    public void Shapes_that_differ_behind_the_batch_are_refused_with_both()
    {
        var e = Assert.Throws<ArgumentException>(() => Conditioning.Stack([Full, Full with { Pooled = Tensor.Create([5f, 6, 7], [1, 3]) }]));
        Assert.Contains("[1, 2] and [1, 3]", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_list_is_refused() =>
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => Conditioning.Stack([])).Message, StringComparison.Ordinal);

    private static void AssertNamed(string what, Conditioning without)
    {
        Assert.Contains(what, Assert.Throws<ArgumentException>(() => Conditioning.Stack([Full, without])).Message, StringComparison.Ordinal);
        Assert.Contains(what, Assert.Throws<ArgumentException>(() => Conditioning.Stack([without, Full])).Message, StringComparison.Ordinal);
    }

    private static void AssertTensor<T>(nint[] lengths, T[] values, Tensor<T>? tensor)
    {
        Assert.NotNull(tensor);
        Assert.Equal(lengths, tensor.Lengths);
        Assert.Equal(values, tensor.Values().ToArray());
    }
}
