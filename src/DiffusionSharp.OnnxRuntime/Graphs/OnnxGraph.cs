using System.Text;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime.Graphs;

/// <summary>
/// The nodes of an ONNX model and what is computed from what. Its weights are not read. A model is changed by what is written behind it, since messages of
/// protobuf that follow each other are one.
/// </summary>
internal sealed class OnnxGraph
{
    // Fields of ModelProto and GraphProto in onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), and that of a tensor's name.
    private const int GraphField = 7;
    private const int NodeField = 1;
    private const int WeightField = 5;
    private const int InputField = 11;
    private const int OutputField = 12;
    private const int WeightNameField = 8;
    private const int NameField = 1;

    private readonly List<OnnxNode> _nodes = [];
    private readonly HashSet<string> _outputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _producers = new(StringComparer.Ordinal);

    private readonly HashSet<string> _weights = new(StringComparer.Ordinal);

    // What depends on an input, and not on weights alone.
    private readonly HashSet<string> _computed = new(StringComparer.Ordinal);

    private OnnxGraph()
    {
    }

    /// <summary>Reads a model.</summary>
    /// <param name="model">The bytes of an ONNX file.</param>
    /// <param name="path">What to name in errors.</param>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    public static OnnxGraph Read(ReadOnlySpan<byte> model, string path)
    {
        var graph = new OnnxGraph();
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

    /// <summary>A model with more nodes, and with more outputs.</summary>
    public static byte[] Extended(byte[] model, IEnumerable<OnnxNode> nodes, IEnumerable<string> outputs)
    {
        var end = new ProtobufWriter();
        end.Write(GraphField, graph =>
        {
            foreach (OnnxNode node in nodes)
            {
                graph.Write(NodeField, node.Write);
            }

            foreach (string output in outputs)
            {
                graph.Write(OutputField, info => info.Write(NameField, output));
            }
        });
        return [.. model, .. end.ToArray()];
    }

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
                    _nodes.Add(OnnxNode.Read(fields.Bytes()));
                    break;
                case WeightField:
                    _weights.Add(NameOf(fields.Bytes(), WeightNameField));
                    break;
                case InputField:
                    _computed.Add(NameOf(fields.Bytes(), NameField));
                    break;
                case OutputField:
                    _outputs.Add(NameOf(fields.Bytes(), NameField));
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
        _computed.ExceptWith(_weights);
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

    private static string NameOf(ReadOnlySpan<byte> message, int field)
    {
        var fields = new ProtobufReader(message);
        while (fields.MoveNext())
        {
            if (fields.Field == field)
            {
                return Encoding.UTF8.GetString(fields.Bytes());
            }

            fields.Skip();
        }

        return "";
    }
}
