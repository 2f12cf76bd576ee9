using System.Text;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime.Graphs;

/// <summary>A node of an ONNX graph.</summary>
/// <param name="Operation">Its operator.</param>
/// <param name="Domain">The operator's domain; empty for ONNX's own.</param>
/// <param name="Inputs">The tensors that it reads; empty names where an input is left out.</param>
/// <param name="Outputs">The tensors that it computes.</param>
/// <param name="Attributes">Its attributes as they are in the file.</param>
internal sealed record OnnxNode(string Operation, string Domain, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<byte[]> Attributes)
{
    // Fields of NodeProto in onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
    private const int InputField = 1;
    private const int OutputField = 2;
    private const int OperationField = 4;
    private const int AttributeField = 5;
    private const int DomainField = 7;

    // Fields of AttributeProto.
    private const int AttributeNameField = 1;
    private const int WholeNumberField = 3;
    private const int AttributeTypeField = 20;
    private const long WholeNumberType = 2;

    /// <summary>Reads a node.</summary>
    public static OnnxNode Read(ReadOnlySpan<byte> message)
    {
        (string operation, string domain) = ("", "");
        (List<string> inputs, List<string> outputs, List<byte[]> attributes) = ([], [], []);
        var fields = new ProtobufReader(message);
        while (fields.MoveNext())
        {
            switch (fields.Field)
            {
                case InputField:
                    inputs.Add(Encoding.UTF8.GetString(fields.Bytes()));
                    break;
                case OutputField:
                    outputs.Add(Encoding.UTF8.GetString(fields.Bytes()));
                    break;
                case OperationField:
                    operation = Encoding.UTF8.GetString(fields.Bytes());
                    break;
                case AttributeField:
                    attributes.Add(fields.Bytes().ToArray());
                    break;
                case DomainField:
                    domain = Encoding.UTF8.GetString(fields.Bytes());
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return new OnnxNode(operation, domain, inputs, outputs, attributes);
    }

    /// <summary>An attribute that is a whole number.</summary>
    public static byte[] Attribute(string name, long value)
    {
        var attribute = new ProtobufWriter();
        attribute.Write(AttributeNameField, name);
        attribute.Write(WholeNumberField, value);
        attribute.Write(AttributeTypeField, WholeNumberType);
        return attribute.ToArray();
    }

    /// <summary>An attribute that is a whole number; null where the node has none of that name.</summary>
    public long? WholeNumber(string name)
    {
        foreach (byte[] attribute in Attributes)
        {
            (string found, long? value) = ("", null);
            var fields = new ProtobufReader(attribute);
            while (fields.MoveNext())
            {
                switch (fields.Field)
                {
                    case AttributeNameField:
                        found = Encoding.UTF8.GetString(fields.Bytes());
                        break;
                    case WholeNumberField:
                        value = (long)fields.Varint();
                        break;
                    default:
                        fields.Skip();
                        break;
                }
            }

            if (found == name)
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>The node with other tensors.</summary>
    public OnnxNode Renamed(Func<string, string> input, Func<string, string> output) => this with { Inputs = [.. Inputs.Select(input)], Outputs = [.. Outputs.Select(output)] };

    public void Write(ProtobufWriter node)
    {
        foreach (string input in Inputs)
        {
            node.Write(InputField, input);
        }

        foreach (string output in Outputs)
        {
            node.Write(OutputField, output);
        }

        node.Write(OperationField, Operation);
        foreach (byte[] attribute in Attributes)
        {
            node.Write(AttributeField, attribute);
        }

        node.Write(DomainField, Domain);
    }
}
