using DiffusionSharp.OnnxRuntime.Graphs;

namespace DiffusionSharp.Diffusers.Graphs;

/// <summary>An attribute of a node; made from a name and a value.</summary>
internal sealed class OnnxAttribute
{
    private readonly string _name;
    private readonly object _value;

    private OnnxAttribute(string name, object value) => (_name, _value) = (name, value);

    public static implicit operator OnnxAttribute((string Name, long Value) attribute) => new(attribute.Name, attribute.Value);

    public static implicit operator OnnxAttribute((string Name, float Value) attribute) => new(attribute.Name, attribute.Value);

    public static implicit operator OnnxAttribute((string Name, string Value) attribute) => new(attribute.Name, attribute.Value);

    public static implicit operator OnnxAttribute((string Name, long[] Value) attribute) => new(attribute.Name, attribute.Value);

    /// <summary>A graph.</summary>
    public static implicit operator OnnxAttribute((string Name, byte[] Value) attribute) => new(attribute.Name, attribute.Value);

    public void Write(ProtobufWriter attribute)
    {
        attribute.Write(1, _name);
        switch (_value)
        {
            case float number:
                attribute.Write(2, number);
                attribute.Write(20, 1L);
                break;
            case long number:
                attribute.Write(3, number);
                attribute.Write(20, 2L);
                break;
            case string text:
                attribute.Write(4, text);
                attribute.Write(20, 3L);
                break;
            case byte[] graph:
                attribute.Write(6, graph);
                attribute.Write(20, 5L);
                break;
            case long[] numbers:
                Array.ForEach(numbers, number => attribute.Write(8, number));
                attribute.Write(20, 7L);
                break;
        }
    }
}
