using System.Globalization;
using System.Security.Cryptography;
using DiffusionSharp.OnnxRuntime.Graphs;

namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>
/// Collects the nodes, weights, inputs and outputs of an ONNX model and writes it. The numbers of the fields are those of onnx.proto
/// (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
/// </summary>
internal sealed class OnnxModel
{
    /// <summary>The domain of ONNX Runtime's own operators.</summary>
    public const string Microsoft = "com.microsoft";

    private const int IrVersion = 8;
    private const int OperatorSet = 17;
    private const int External = 1;

    private readonly ProtobufWriter _graph = new();
    private readonly ProtobufWriter _identity = new();
    private readonly string _root;

    // The graph, or the body of a node of it that is being written; weights and constants are always the graph's.
    private ProtobufWriter _current;
    private int _nodes;

    /// <param name="name">What the graph is called.</param>
    /// <param name="root">The folder that paths of weights are written from.</param>
    public OnnxModel(string name, string root)
    {
        _root = root;
        _current = _graph;
        _graph.Write(2, name);
    }

    /// <summary>An input; an extent is a number, or a name where it is open.</summary>
    public void AddInput(string name, ElementType type, ReadOnlySpan<object> shape) => AddTensor(11, name, type, shape);

    /// <summary>An output, which is the value of that name.</summary>
    public void AddOutput(string name, ElementType type, ReadOnlySpan<object> shape) => AddTensor(12, name, type, shape);

    /// <summary>A weight whose bytes lie in a file.</summary>
    public void AddWeight(string name, ElementType type, IReadOnlyList<long> shape, string path, long offset, long length)
    {
        _identity.Write(5, $"{name} {type} {string.Join(',', shape)} {offset} {length}");
        _graph.Write(5, tensor =>
        {
            WriteHead(tensor, name, type, shape);
            WriteExternal(tensor, "location", Path.GetRelativePath(_root, path).Replace('\\', '/'));
            WriteExternal(tensor, "offset", offset.ToString(CultureInfo.InvariantCulture));
            WriteExternal(tensor, "length", length.ToString(CultureInfo.InvariantCulture));
            tensor.Write(14, External);
        });
    }

    /// <summary>A weight or constant whose bytes are in the model.</summary>
    public void AddConstant(string name, ElementType type, IReadOnlyList<long> shape, ReadOnlySpan<byte> bytes)
    {
        byte[] raw = bytes.ToArray();
        Write(_graph, 5, tensor =>
        {
            WriteHead(tensor, name, type, shape);
            tensor.Write(9, raw);
        });
    }

    /// <summary>A node with the outputs that it is given names for.</summary>
    public void AddNode(string operation, string domain, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, IReadOnlyList<OnnxAttribute> attributes) => Write(_current, 1, node =>
    {
        foreach (string input in inputs)
        {
            node.Write(1, input);
        }

        foreach (string output in outputs)
        {
            node.Write(2, output);
        }

        node.Write(3, $"{operation}_{_nodes++}");
        node.Write(4, operation);
        foreach (OnnxAttribute attribute in attributes)
        {
            node.Write(5, attribute.Write);
        }

        node.Write(7, domain);
    });

    /// <summary>Writes the body of a node: a graph of its own, which sees the values, weights and constants of this one.</summary>
    public OnnxAttribute Body(string name, Action write)
    {
        (ProtobufWriter outer, ProtobufWriter body) = (_current, new ProtobufWriter());
        _current = body;
        body.Write(2, name);
        write();
        _current = outer;
        return (name, body.ToArray());
    }

    public byte[] ToBytes()
    {
        var model = new ProtobufWriter();
        model.Write(1, IrVersion);
        model.Write(2, nameof(DiffusionSharp));
        model.Write(7, _graph.ToArray());
        model.Write(8, set => WriteOperatorSet(set, "", OperatorSet));
        model.Write(8, set => WriteOperatorSet(set, Microsoft, 1));
        return model.ToArray();
    }

    /// <summary>Tells this graph from others, wherever its weights lie.</summary>
    public byte[] ToIdentity() => SHA256.HashData(_identity.ToArray());

    private void Write(ProtobufWriter graph, int field, Action<ProtobufWriter> write)
    {
        var message = new ProtobufWriter();
        write(message);
        byte[] bytes = message.ToArray();
        _identity.Write(field, bytes);
        graph.Write(field, bytes);
    }

    private static void WriteOperatorSet(ProtobufWriter set, string domain, int version)
    {
        set.Write(1, domain);
        set.Write(2, version);
    }

    private static void WriteHead(ProtobufWriter tensor, string name, ElementType type, IReadOnlyList<long> shape)
    {
        foreach (long extent in shape)
        {
            tensor.Write(1, extent);
        }

        tensor.Write(2, (long)type);
        tensor.Write(8, name);
    }

    private static void WriteExternal(ProtobufWriter tensor, string key, string value) => tensor.Write(13, entry =>
    {
        entry.Write(1, key);
        entry.Write(2, value);
    });

    private void AddTensor(int field, string name, ElementType type, ReadOnlySpan<object> shape)
    {
        object[] extents = shape.ToArray();
        Write(_current, field, info =>
        {
            info.Write(1, name);
            info.Write(2, valueType => valueType.Write(1, tensor =>
            {
                tensor.Write(1, (long)type);
                tensor.Write(2, dimensions => Array.ForEach(extents, extent => dimensions.Write(1, dimension => WriteExtent(dimension, extent))));
            }));
        });
    }

    private static void WriteExtent(ProtobufWriter dimension, object extent)
    {
        if (extent is string open)
        {
            dimension.Write(2, open);
        }
        else
        {
            dimension.Write(1, Convert.ToInt64(extent, CultureInfo.InvariantCulture));
        }
    }
}
