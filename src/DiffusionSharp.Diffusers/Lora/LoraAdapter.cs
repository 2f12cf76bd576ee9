using DiffusionSharp.Diffusers.Graphs;
using DiffusionSharp.OnnxRuntime.Safetensors;

namespace DiffusionSharp.Diffusers.Lora;

/// <summary>Adds a LoRA's change to a weight: W + scale·(alpha/rank)·B·A, and the forms that other tools make of it.</summary>
/// <param name="tensors">The file's tensors for the module.</param>
/// <param name="scale">The user's scale.</param>
/// <param name="target">The module, and which of the file's rows are its.</param>
internal sealed class LoraAdapter(LoraTensors tensors, float scale, LoraTarget target) : IWeightAdapter
{
    public Value Apply(Value weight, IReadOnlyList<long> shape)
    {
        (Value change, long? rank) = Change(weight.Graph, shape);
        Value factor = rank is { } r && tensors["alpha"] is { } alpha
            ? weight.Graph.Weight(Single(alpha), [1]) * (scale / r)
            : weight.Graph.Scalar(scale * (rank is { } named ? tensors.FactorOf(named) : 1));
        Value changed = weight + (change.Reshape([.. shape]) * factor);
        return tensors["magnitude"] is { } magnitude ? Rescaled(changed, magnitude, shape) : changed;
    }

    // The change as a matrix of rows, and the rank that alpha is divided by.
    private (Value Change, long? Rank) Change(Graph graph, IReadOnlyList<long> shape)
    {
        if (tensors["hada_w1_a"] is not null)
        {
            return Hadamard(graph, shape);
        }

        return tensors["lokr_w1"] is not null || tensors["lokr_w1_a"] is not null ? Kronecker(graph, shape) : LowRank(graph, shape);
    }

    private (Value Change, long? Rank) LowRank(Graph graph, IReadOnlyList<long> shape)
    {
        StoredTensor down = tensors.Require(LoraTensors.Down);
        StoredTensor up = tensors.Require(LoraTensors.Up);
        long rank = down.Shape.Count == 0 ? 0 : down.Shape[0];
        long rows = up.Shape.Count == 0 ? 0 : up.Shape[0];
        RequireFit(up, Elements(up) == rows * rank && rows == (target.AllRows ?? shape[0]), shape);
        Value left = graph.Weight(up, [rows, rank]);
        left = target.AllRows is null ? left : left.Slice(0, graph.Wholes(target.FirstRow), graph.Wholes(target.FirstRow + shape[0]));
        if (tensors["mid"] is { } mid)
        {
            return (Tucker(graph, left, mid, down, rank, shape), rank);
        }

        RequireFit(down, Elements(down) == rank * Columns(shape), shape);
        return (MatMul(left, graph.Weight(down, [rank, Columns(shape)])), rank);
    }

    // A 1x1 convolution to the rank, one of the kernel's size within it, and a 1x1 convolution back.
    private Value Tucker(Graph graph, Value up, StoredTensor mid, StoredTensor down, long rank, IReadOnlyList<long> shape)
    {
        long kernel = shape.Skip(2).Aggregate(1L, (product, extent) => product * extent);
        RequireFit(mid, Elements(mid) == rank * rank * kernel, shape);
        RequireFit(down, Elements(down) == rank * shape[1], shape);
        Value within = MatMul(up, graph.Weight(mid, [rank, rank * kernel])).Reshape(shape[0], rank, kernel).Transpose(0, 2, 1);
        return MatMul(within, graph.Weight(down, [rank, shape[1]])).Transpose(0, 2, 1);
    }

    // LoHa, arXiv:2108.06098: the products of two low-rank matrices, element by element.
    private (Value Change, long? Rank) Hadamard(Graph graph, IReadOnlyList<long> shape)
    {
        Value first = Product(graph, "hada_w1", shape[0], Columns(shape), shape);
        Value second = Product(graph, "hada_w2", shape[0], Columns(shape), shape);
        return (first * second, tensors.Require("hada_w1_b").Shape[0]);
    }

    // LoKr, arXiv:2212.10650: a Kronecker product, whose factors may each be a product of two matrices.
    private (Value Change, long? Rank) Kronecker(Graph graph, IReadOnlyList<long> shape)
    {
        (long rows, long columns) = SizeOf("lokr_w1");
        RequireFit(tensors["lokr_w1"] ?? tensors.Require("lokr_w1_a"), rows > 0 && columns > 0 && shape[0] % rows == 0 && shape[1] % columns == 0, shape);
        long innerRows = shape[0] / rows;
        long innerColumns = Columns(shape) / columns;
        Value outer = Product(graph, "lokr_w1", rows, columns, shape).Reshape(rows, 1, columns, 1);
        Value inner = Product(graph, "lokr_w2", innerRows, innerColumns, shape).Reshape(1, innerRows, 1, innerColumns);
        return (outer * inner, tensors["lokr_w2_b"]?.Shape[0] ?? tensors["lokr_w1_b"]?.Shape[0]);
    }

    // A matrix, which is there whole or as a product of two.
    private Value Product(Graph graph, string name, long rows, long columns, IReadOnlyList<long> shape)
    {
        if (tensors[name] is { } whole)
        {
            RequireFit(whole, Elements(whole) == rows * columns, shape);
            return graph.Weight(whole, [rows, columns]);
        }

        StoredTensor left = tensors.Require($"{name}_a");
        StoredTensor right = tensors.Require($"{name}_b");
        long rank = right.Shape.Count == 0 ? 0 : right.Shape[0];
        RequireFit(left, rank > 0 && Elements(left) == rows * rank, shape);
        RequireFit(right, Elements(right) == rank * columns, shape);
        return MatMul(graph.Weight(left, [rows, rank]), graph.Weight(right, [rank, columns]));
    }

    private (long Rows, long Columns) SizeOf(string name)
    {
        StoredTensor left = tensors[name] ?? tensors.Require($"{name}_a");
        StoredTensor right = tensors[name] ?? tensors.Require($"{name}_b");
        return left.Shape.Count == 2 && right.Shape.Count == 2 ? (left.Shape[0], right.Shape[1]) : (0, 0);
    }

    // DoRA, arXiv:2402.09353: each row of what was changed gets a length of its own.
    private Value Rescaled(Value weight, StoredTensor magnitude, IReadOnlyList<long> shape)
    {
        RequireFit(magnitude, Elements(magnitude) == shape[0] && (magnitude.Shape.Count == 0 || magnitude.Shape[0] == shape[0]), shape);
        long[] perRow = [shape[0], .. Enumerable.Repeat(1L, shape.Count - 1)];
        long[] others = [.. Enumerable.Range(1, shape.Count - 1).Select(axis => (long)axis)];
        Value length = weight.Graph.Node("ReduceL2", 0, [weight], ("axes", others), ("keepdims", 1L));
        return weight * (weight.Graph.Weight(magnitude, perRow) / length);
    }

    private StoredTensor Single(StoredTensor tensor) => Elements(tensor) == 1
        ? tensor
        : throw new ModelFormatException(tensors.Path, $"the tensor '{tensor.Name}' has the shape {tensor.ShapeText}; expected a single number.");

    private void RequireFit(StoredTensor tensor, bool fits, IReadOnlyList<long> shape)
    {
        if (!fits)
        {
            throw new ModelFormatException(tensors.Path, $"the tensor '{tensor.Name}' has the shape {tensor.ShapeText}, which does not fit the model's weight of shape [{string.Join(", ", shape)}]: it was made for another model.");
        }
    }

    private static Value MatMul(Value left, Value right) => left.Graph.Node("MatMul", right.Channels, [left, right]);

    private static long Columns(IReadOnlyList<long> shape) => shape.Skip(1).Aggregate(1L, (product, extent) => product * extent);

    private static long Elements(StoredTensor tensor) => tensor.Shape.Aggregate(1L, (product, extent) => product * extent);
}
