using System.Text;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime.Graphs;

/// <summary>
/// The nodes of an ONNX model and what is computed from what. Of its weights only names, types and shapes are read. A model is changed by what is left out of
/// it and written behind it, since messages of protobuf that follow each other are one.
/// </summary>
internal sealed class OnnxGraph
{
    // Fields of ModelProto and GraphProto in onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), and that of a tensor's name.
    private const int GraphField = 7;
    private const int NodeField = 1;
    private const int WeightField = 5;
    private const int InputField = 11;
    private const int OutputField = 12;
    private const int NameField = 1;

    private readonly byte[] _model;
    private readonly List<OnnxNode> _nodes = [];
    private readonly List<(Range Graph, Range Node)> _places = [];
    private readonly HashSet<string> _outputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _producers = new(StringComparer.Ordinal);

    private readonly Dictionary<string, OnnxWeight> _weights = new(StringComparer.Ordinal);

    // What depends on an input, and not on weights alone.
    private readonly HashSet<string> _computed = new(StringComparer.Ordinal);

    private OnnxGraph(byte[] model) => _model = model;

    /// <summary>The nodes, each behind those that it reads from.</summary>
    public IReadOnlyList<OnnxNode> Nodes => _nodes;

    /// <summary>Reads a model.</summary>
    /// <param name="model">The bytes of an ONNX file.</param>
    /// <param name="path">What to name in errors.</param>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    public static OnnxGraph Read(byte[] model, string path)
    {
        var graph = new OnnxGraph(model);
        try
        {
            var fields = new ProtobufReader(model);
            while (fields.MoveNext())
            {
                if (fields.Field == GraphField)
                {
                    graph.ReadFields(fields.Bytes());
                }
                else
                {
                    fields.Skip();
                }
            }
        }
        catch (InvalidDataException e)
        {
            throw new ModelFormatException(path, $"the file is damaged, or no ONNX model: {e.Message}.", e);
        }

        graph.Connect();
        return graph;
    }

    /// <summary>The model with more nodes, outputs and weights.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="outputs">The names of the outputs.</param>
    /// <param name="weights">The weights, in float32.</param>
    /// <param name="without">A node that is left out; null for none.</param>
    public byte[] Extended(IEnumerable<OnnxNode> nodes, IEnumerable<string> outputs, IEnumerable<(string Name, long[] Shape, float[] Values)> weights, OnnxNode? without = null)
    {
        var end = new ProtobufWriter();
        end.Write(GraphField, graph =>
        {
            foreach (OnnxNode node in nodes)
            {
                graph.Write(NodeField, node.Write);
            }

            foreach ((string name, long[] shape, float[] values) in weights)
            {
                graph.Write(WeightField, weight => OnnxWeight.Write(weight, name, shape, values));
            }

            foreach (string output in outputs)
            {
                graph.Write(OutputField, info => info.Write(NameField, output));
            }
        });
        return [.. without is null ? _model : Without(without), .. end.ToArray()];
    }

    /// <summary>A weight; null where a tensor is none.</summary>
    public OnnxWeight? WeightOf(string tensor) => _weights.GetValueOrDefault(tensor);

    /// <summary>Whether a tensor depends on the model's input, and not on weights alone.</summary>
    public bool IsComputed(string tensor) => _computed.Contains(tensor);

    /// <summary>Whether the graph has an output.</summary>
    public bool HasOutput(string name) => _outputs.Contains(name);

    /// <summary>What computes a tensor; null for inputs and weights.</summary>
    public OnnxNode? ProducerOf(string tensor) => _producers.TryGetValue(tensor, out int index) ? _nodes[index] : null;

    /// <summary>The inputs of a node that depend on the model's input, and not on weights alone.</summary>
    public string[] Computed(OnnxNode node) => [.. node.Inputs.Where(_computed.Contains).Distinct(StringComparer.Ordinal)];

    /// <summary>Whether a tensor is computed from another.</summary>
    public bool IsComputedFrom(string tensor, string other)
    {
        int first = _producers.GetValueOrDefault(other, -1);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([tensor]);
        while (open.TryPop(out string? name))
        {
            if (name == other)
            {
                return true;
            }

            if (seen.Add(name) && _producers.TryGetValue(name, out int index) && index > first)
            {
                Array.ForEach(Computed(_nodes[index]), open.Push);
            }
        }

        return false;
    }

    private void ReadFields(ReadOnlySpan<byte> message)
    {
        var fields = new ProtobufReader(message);
        while (fields.MoveNext())
        {
            switch (fields.Field)
            {
                case NodeField:
                    ReadOnlySpan<byte> node = fields.Bytes();
                    _nodes.Add(OnnxNode.Read(node));
                    _places.Add((PlaceOf(message), PlaceOf(node)));
                    break;
                case WeightField:
                    var weight = OnnxWeight.Read(fields.Bytes());
                    _weights[weight.Name] = weight;
                    break;
                case InputField:
                    _computed.Add(NameOf(fields.Bytes()));
                    break;
                case OutputField:
                    _outputs.Add(NameOf(fields.Bytes()));
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
    }

    // Nodes come in an order in which each finds what it reads. Old files name weights as inputs, too.
    private void Connect()
    {
        _computed.ExceptWith(_weights.Keys);
        for (int i = 0; i < _nodes.Count; i++)
        {
            foreach (string output in _nodes[i].Outputs)
            {
                _producers[output] = i;
                if (_nodes[i].Inputs.Any(_computed.Contains))
                {
                    _computed.Add(output);
                }
            }
        }
    }

    // The graph around a node, in two parts.
    private byte[] Without(OnnxNode node)
    {
        (Range graph, Range place) = _places[_nodes.IndexOf(node)];
        var halves = new ProtobufWriter();
        halves.Write(GraphField, _model.AsSpan(graph.Start.Value..HeadOf(place)));
        halves.Write(GraphField, _model.AsSpan(place.End.Value..graph.End.Value));
        return [.. _model.AsSpan(..HeadOf(graph)), .. halves.ToArray(), .. _model.AsSpan(graph.End.Value..)];
    }

    private Range PlaceOf(ReadOnlySpan<byte> message) => _model.AsSpan().Overlaps(message, out int offset) ? offset..(offset + message.Length) : default;

    // Before a message there are its key, of one byte, and its length, of seven bits a byte.
    private static int HeadOf(Range message)
    {
        int head = message.Start.Value - 1;
        for (int length = message.End.Value - message.Start.Value; ; length >>= 7)
        {
            head--;
            if (length < 0x80)
            {
                return head;
            }
        }
    }

    private static string NameOf(ReadOnlySpan<byte> message)
    {
        var fields = new ProtobufReader(message);
        while (fields.MoveNext())
        {
            if (fields.Field == NameField)
            {
                return Encoding.UTF8.GetString(fields.Bytes());
            }

            fields.Skip();
        }

        return "";
    }
}
