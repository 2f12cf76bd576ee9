using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DiffusionSharp.OnnxRuntime.Safetensors;
using DiffusionSharp.OnnxRuntime.Sessions;

namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>A network that is being written down: its inputs, its weights, its outputs, and the operators between, which <see cref="Value"/> has.</summary>
internal sealed class Graph
{
    private readonly OnnxModel _model;
    private readonly string _name;
    private readonly Dictionary<string, Value> _weights = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Value> _constants = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _files = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, long> _extents;
    private readonly string _root;
    private int _values;

    /// <param name="name">A file in the network's folder, to name it in errors.</param>
    /// <param name="weights">The file that has its weights, or one of those; the others are on the same drive.</param>
    /// <param name="extents">Numbers for names of open extents; none where all stay open.</param>
    public Graph(string name, string weights, IReadOnlyDictionary<string, long>? extents = null)
    {
        _name = name;
        _extents = extents ?? new Dictionary<string, long>();
        _root = Path.GetPathRoot(Path.GetFullPath(weights))!;
        _model = new OnnxModel(nameof(DiffusionSharp), _root);
    }

    /// <summary>An input of floats whose extents are numbers or, where they are open, names; the channels are those of the axis given.</summary>
    public Value Input(string name, int channelAxis, params ReadOnlySpan<object> shape) => Input(name, ElementType.Float32, channelAxis, shape);

    /// <summary>An input.</summary>
    public Value Input(string name, ElementType type, int channelAxis, params ReadOnlySpan<object> shape)
    {
        _model.AddInput(name, type, Known(shape));
        return new Value(this, name, channelAxis < shape.Length && shape[channelAxis] is int channels ? channels : 0);
    }

    /// <summary>Makes a value an output.</summary>
    public void Output(string name, Value value, params ReadOnlySpan<object> shape)
    {
        _model.AddNode("Identity", "", [value.Name], [name], []);
        _model.AddOutput(name, ElementType.Float32, Known(shape));
    }

    /// <summary>A tensor of a file as float32, whose bytes stay where they are: those of another type are converted when the model is loaded.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="shape">The shape to take it as; it has as many elements.</param>
    public Value Weight(StoredTensor tensor, params IReadOnlyList<long> shape)
    {
        string key = $"{tensor.Path}|{tensor.Offset}|{string.Join(',', shape)}";
        if (!_weights.TryGetValue(key, out Value weight))
        {
            weight = AddWeight(tensor, shape);
            _weights[key] = weight;
        }

        return weight;
    }

    public Value Scalar(float value) => Constant([value], []);

    public Value Constant(ReadOnlySpan<float> values, params IReadOnlyList<long> shape) => Constant(ElementType.Float32, shape, MemoryMarshal.AsBytes(values));

    /// <summary>A vector of whole numbers: a shape, axes, indices.</summary>
    public Value Wholes(params ReadOnlySpan<long> values) => Constant(ElementType.Int64, [values.Length], MemoryMarshal.AsBytes(values));

    public Value Whole(long value) => Constant(ElementType.Int64, [], MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in value)));

    /// <summary>A node with one output.</summary>
    public Value Node(string operation, int channels, IReadOnlyList<Value> inputs, params IReadOnlyList<OnnxAttribute> attributes) => Node(operation, "", channels, inputs, attributes);

    /// <summary>A node of ONNX Runtime's own with one output.</summary>
    public Value MicrosoftNode(string operation, int channels, IReadOnlyList<Value> inputs, params IReadOnlyList<OnnxAttribute> attributes) => Node(operation, OnnxModel.Microsoft, channels, inputs, attributes);

    /// <summary>A node that splits a value into parts of those lengths along an axis.</summary>
    public Value[] Split(Value value, int axis, params ReadOnlySpan<int> lengths)
    {
        Value[] parts = [.. lengths.ToArray().Select(length => new Value(this, NextName("split"), length))];
        Value sizes = Wholes([.. lengths.ToArray().Select(length => (long)length)]);
        _model.AddNode("Split", "", [value.Name, sizes.Name], [.. parts.Select(part => part.Name)], [("axis", axis)]);
        return parts;
    }

    /// <summary>Runs a body once for each row of some values, which have equally many, and puts the rows that it gives together again.</summary>
    /// <param name="rows">A row of each of the values: the value, and what of it the body gets at a time.</param>
    /// <param name="body">From the body's inputs to its outputs.</param>
    public Value[] Scan(IReadOnlyList<Row> rows, Func<Value[], IReadOnlyList<Row>> body)
    {
        IReadOnlyList<Row> results = [];
        OnnxAttribute graph = _model.Body("body", () =>
        {
            Row[] inputs = [.. rows.Select(row => row with { Value = row.Value with { Name = NextName("row") } })];
            Array.ForEach(inputs, row => _model.AddInput(row.Value.Name, row.Type, [.. row.Shape.Select(extent => (object)extent)]));
            results = body([.. inputs.Select(row => row.Value)]);
            foreach (Row row in results)
            {
                _model.AddOutput(row.Value.Name, row.Type, [.. row.Shape.Select(extent => (object)extent)]);
            }
        });
        Value[] outputs = [.. results.Select(row => row.Value with { Name = NextName("rows") })];
        _model.AddNode("Scan", "", [.. rows.Select(row => row.Value.Name)], [.. outputs.Select(output => output.Name)], [graph, ("num_scan_inputs", rows.Count)]);
        return outputs;
    }

    /// <summary>A node of ONNX Runtime's own with several outputs, of which those that are wanted are given.</summary>
    public Value[] MicrosoftNodes(string operation, int channels, IReadOnlyList<Value> inputs, IReadOnlyList<bool> wanted, params IReadOnlyList<OnnxAttribute> attributes)
    {
        string[] names = [.. wanted.Select(isWanted => isWanted ? NextName(operation) : "")];
        _model.AddNode(operation, OnnxModel.Microsoft, [.. inputs.Select(input => input.Name)], names, attributes);
        return [.. names.Where(name => name.Length > 0).Select(name => new Value(this, name, channels))];
    }

    /// <summary>The model, with its weights in the files where they are.</summary>
    public ModelSource ToSource() => ModelSource.Graph(_model.ToBytes(), _name, new ExternalWeights(_root, [.. _files], _model.ToIdentity()));

    private Value Node(string operation, string domain, int channels, IReadOnlyList<Value> inputs, IReadOnlyList<OnnxAttribute> attributes)
    {
        var output = new Value(this, NextName(operation), channels);
        _model.AddNode(operation, domain, [.. inputs.Select(input => input.Name)], [output.Name], attributes);
        return output;
    }

    private object[] Known(ReadOnlySpan<object> shape) => [.. shape.ToArray().Select(extent => extent is string open && _extents.TryGetValue(open, out long number) ? number : extent)];

    private Value AddWeight(StoredTensor tensor, IReadOnlyList<long> shape)
    {
        if (Path.GetPathRoot(tensor.Path) != _root)
        {
            throw new ModelFormatException(tensor.Path, $"lies on another drive than the other weights of {_name}; ONNX Runtime reads the weights of a model from one.");
        }

        ElementType type = TypeOf(tensor);
        _files.Add(tensor.Path);
        var weight = new Value(this, _names.Add(tensor.Name) ? tensor.Name : NextName(tensor.Name), shape.Count == 0 ? 0 : (int)shape[^1]);
        _model.AddWeight(weight.Name, type, shape, tensor.Path, tensor.Offset, tensor.Length);
        return type == ElementType.Float32 ? weight : weight.Cast(ElementType.Float32);
    }

    private Value Constant(ElementType type, IReadOnlyList<long> shape, ReadOnlySpan<byte> bytes)
    {
        string key = $"{type}|{string.Join(',', shape)}|{Convert.ToHexString(SHA256.HashData(bytes))}";
        if (!_constants.TryGetValue(key, out Value constant))
        {
            constant = new Value(this, NextName("constant"), shape.Count == 0 ? 0 : (int)shape[^1]);
            _model.AddConstant(constant.Name, type, shape, bytes);
            _constants[key] = constant;
        }

        return constant;
    }

    // The sign keeps them apart from the names of weights and outputs.
    private string NextName(string operation) => $"{operation}#{_values++}";

    private static ElementType TypeOf(StoredTensor tensor) => tensor.Type switch
    {
        StoredType.Float32 => ElementType.Float32,
        StoredType.Float16 => ElementType.Float16,
        StoredType.BFloat16 => ElementType.BFloat16,
        StoredType.Float64 => ElementType.Float64,
        _ => throw new ModelFormatException(tensor.Path, $"the tensor '{tensor.Name}' has elements of {StoredTypes.NameOf(tensor.Type)}, which cannot be computed with: expected F32, F16, BF16 or F64."),
    };
}
