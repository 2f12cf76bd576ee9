using System.Numerics.Tensors;
using DiffusionSharp.Conditions;

namespace DiffusionSharp.Tests.Conditions;

public class ConditioningTests
{
    private static readonly ConditionPart Ids = new("img_ids", Tensor.Create([10f, 11], [2])) { IsShared = true };

    private static readonly Conditioning Full = Conditioning.Of(
        (ConditionNames.Context, Tensor.Create([1f, 2, 3, 4], [1, 2, 2])),
        (ConditionNames.Pooled, Tensor.Create([5f, 6], [1, 2])),
        (ConditionNames.ClassLabels, Tensor.Create([7f], [1]))).With(Ids);

    [Fact]
    public void Parts_keep_the_order_in_which_they_came_and_a_later_one_takes_the_place_of_its_name()
    {
        Conditioning replaced = Full.With(ConditionNames.Pooled, Tensor.Create([0f], [1, 1]));
        Assert.Equal(["context", "pooled", "class_labels", "img_ids"], replaced.Parts.Select(part => part.Name));
        AssertTensor([1, 1], [0], replaced.Pooled);
        AssertTensor([1, 2], [5, 6], Full.Pooled);
        Assert.Null(Full.Without(ConditionNames.Pooled).Pooled);
    }

    [Fact]
    public void Expanding_repeats_every_part_picture_by_picture_and_leaves_shared_ones_alone()
    {
        Conditioning three = Full.Expand(3);
        AssertTensor([3, 2, 2], [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4], three.Context);
        AssertTensor([3, 2], [5, 6, 5, 6, 5, 6], three.Pooled);
        AssertTensor([3], [7, 7, 7], three.ClassLabels);
        Assert.Same(Ids.Values, three["img_ids"]!.Values);
    }

    [Fact]
    public void Rows_are_those_of_every_part_that_has_more_than_one()
    {
        Conditioning second = Full.With(ConditionNames.Pooled, Tensor.Create([1f, 2, 3, 4], [2, 2])).Rows(1, 1);
        AssertTensor([1, 2], [3, 4], second.Pooled);
        AssertTensor([1], [7], second.ClassLabels);
    }

    [Fact]
    public void Expanding_another_number_of_rows_is_refused_by_name()
    {
        Conditioning two = Full.Expand(2);
        Assert.Contains("'context'", Assert.Throws<ArgumentException>(() => two.Expand(3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Full.Expand(0));
    }

    [Fact]
    public void Stacking_keeps_the_order_of_the_list()
    {
        Conditioning both = Conditioning.Stack([Full.With(ConditionNames.Pooled, Tensor.Create([-5f, -6], [1, 2])), Full]);
        AssertTensor([2, 2], [-5, -6, 5, 6], both.Pooled);
        AssertTensor([2], [7, 7], both.ClassLabels);
        AssertTensor([2], [10, 11], both["img_ids"]!.Values);
    }

    [Fact]
    public void Nothing_stacks_to_nothing() => Assert.Empty(Conditioning.Stack([Conditioning.None, Conditioning.None]).Parts);

    [Fact]
    public void What_differs_in_parts_shapes_or_shared_values_does_not_stack_and_both_are_named()
    {
        Conditioning[] others =
        [
            Full.Without(ConditionNames.Context),
            Full.With("time_ids", Tensor.Create([1f], [1, 1])),
            Full.With(ConditionNames.Pooled, Tensor.Create([5f, 6, 7], [1, 3])),
            Full.With(Ids with { Values = Tensor.Create([10f, 12], [2]) }),
            Full.With(Ids with { IsShared = false }),
        ];
        foreach (Conditioning other in others)
        {
            Assert.False(Conditioning.CanStack(Full, other));
            Assert.False(Conditioning.CanStack(other, Full));
            var e = Assert.Throws<ArgumentException>(() => Conditioning.Stack([Full, other]));
            Assert.Contains(Full.ToString(), e.Message, StringComparison.Ordinal);
            Assert.Contains(other.ToString(), e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Shared_parts_of_equal_values_stack_whoever_made_them() =>
        Assert.True(Conditioning.CanStack(Full, Full.With(Ids with { Values = Tensor.Create([10f, 11], [2]) })));

    [Fact]
    public void An_empty_list_is_refused() =>
        Assert.Contains("empty", Assert.Throws<ArgumentException>(() => Conditioning.Stack([])).Message, StringComparison.Ordinal);

    private static void AssertTensor(nint[] lengths, float[] values, Tensor<float>? tensor)
    {
        Assert.NotNull(tensor);
        Assert.Equal(lengths, tensor.Lengths);
        Assert.Equal(values, tensor.Values().ToArray());
    }
}
