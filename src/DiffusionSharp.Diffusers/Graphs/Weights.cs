using DiffusionSharp.Diffusers.Safetensors;
using DiffusionSharp.OnnxRuntime.Safetensors;

namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>
/// The weights of a network, or of a module of it: <c>weights["down_blocks"][0]["resnets"][1]</c> are those whose names begin with
/// <c>down_blocks.0.resnets.1.</c>
/// </summary>
internal sealed class Weights
{
    // Adapters change weights, and leave biases as they are.
    private const string Adapted = "weight";

    private readonly Checkpoint _checkpoint;
    private readonly string _prefix;

    public Weights(Graph graph, Checkpoint checkpoint)
        : this(graph, checkpoint, "")
    {
    }

    private Weights(Graph graph, Checkpoint checkpoint, string prefix) => (Graph, _checkpoint, _prefix) = (graph, checkpoint, prefix);

    public Graph Graph { get; }

    public Weights this[string module] => new(Graph, _checkpoint, $"{_prefix}{module}.");

    public Weights this[int index] => new(Graph, _checkpoint, $"{_prefix}{index}.");

    /// <summary>Whether there is a module that has a weight.</summary>
    public bool Has(string module) => _checkpoint.Tensors.ContainsKey($"{_prefix}{module}.weight");

    /// <summary>The first of several modules that there is, since names changed over time; the first one where there is none.</summary>
    public Weights OneOf(params ReadOnlySpan<string> modules)
    {
        foreach (string module in modules)
        {
            if (Has(module))
            {
                return this[module];
            }
        }

        return this[modules[0]];
    }

    /// <summary>A tensor.</summary>
    /// <param name="name">Its name within the module.</param>
    /// <param name="shape">The shape that the configuration asks for. Extents of 1 at the end may be missing in the file or too many, as those of a 1x1 convolution that is a product.</param>
    /// <exception cref="ModelFormatException">It is missing or has another shape.</exception>
    public Value Tensor(string name, params long[] shape)
    {
        StoredTensor tensor = Stored(name, shape);
        Value weight = Graph.Weight(tensor, tensor.IsTransposed ? [.. shape.Reverse()] : shape);
        weight = tensor.IsTransposed ? weight.Transpose(1, 0) : weight;
        weight = tensor.HasHalvesSwapped ? Swapped(weight, shape[0]) : weight;
        return AdaptersOf(name).Aggregate(weight, (changed, adapter) => adapter.Apply(changed, shape));
    }

    /// <summary>Rows of a tensor.</summary>
    /// <param name="name">Its name within the module.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    /// <param name="shape">The shape of the whole tensor.</param>
    /// <exception cref="ModelFormatException">It is missing or has another shape.</exception>
    public Value Rows(string name, long first, long count, params long[] shape) => Unchanged(name, shape) is { } tensor
        ? Graph.Weight(tensor.Rows(first, count), [count, .. shape.Skip(1)])
        : Tensor(name, shape).Slice(0, Graph.Wholes(first), Graph.Wholes(first + count));

    /// <summary>A tensor as it lies in its file; null where something changes it on its way into the graph.</summary>
    /// <exception cref="ModelFormatException">It is missing or has another shape.</exception>
    public StoredTensor? Unchanged(string name, params long[] shape)
    {
        StoredTensor tensor = Stored(name, shape);
        return tensor.IsTransposed || tensor.HasHalvesSwapped || AdaptersOf(name).Count > 0 ? null : tensor;
    }

    private static Value Swapped(Value weight, long rows)
    {
        Value middle = weight.Graph.Wholes(rows / 2);
        return Shapes.Concat(0, weight.Slice(0, middle, weight.Graph.Wholes(rows)), weight.Slice(0, weight.Graph.Wholes(0L), middle));
    }

    private IReadOnlyList<IWeightAdapter> AdaptersOf(string name) =>
        name == Adapted && _checkpoint.Adapters.TryGetValue(_prefix.TrimEnd('.'), out IReadOnlyList<IWeightAdapter>? adapters) ? adapters : [];

    private StoredTensor Stored(string name, long[] shape)
    {
        if (!_checkpoint.Tensors.TryGetValue(_prefix + name, out StoredTensor? tensor))
        {
            throw new ModelFormatException(_checkpoint.Path, $"the tensor '{_prefix}{name}' is missing; the configuration asks for one of shape [{string.Join(", ", shape)}].");
        }

        long[] stored = tensor.IsTransposed ? [.. shape.Reverse()] : shape;
        return tensor.Shape.Where(extent => extent != 1).SequenceEqual(stored.Where(extent => extent != 1))
            ? tensor
            : throw new ModelFormatException(tensor.Path, $"the tensor '{tensor.Name}' has the shape {tensor.ShapeText}, but the configuration asks for [{string.Join(", ", stored)}].");
    }
}
