using System.Runtime.InteropServices;
using System.Text;
using DiffusionSharp.Text;

namespace DiffusionSharp.OnnxRuntime.Graphs;

/// <summary>What an ONNX file says of a weight, wherever its values lie.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type, of TensorProto.DataType.</param>
/// <param name="Shape">Its extents.</param>
internal sealed record OnnxWeight(string Name, int Type, IReadOnlyList<long> Shape)
{
    /// <summary>The element type of 32-bit floats.</summary>
    public const int Float32 = 1;

    // Fields of TensorProto in onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
    private const int ShapeField = 1;
    private const int TypeField = 2;
    private const int NameField = 8;
    private const int ValuesField = 9;

    public static OnnxWeight Read(ReadOnlySpan<byte> message)
    {
        (string name, int type, List<long> shape) = ("", 0, []);
        var fields = new ProtobufReader(message);
        while (fields.MoveNext())
        {
            switch (fields.Field)
            {
                case ShapeField:
                    fields.Varints(shape);
                    break;
                case TypeField:
                    type = (int)fields.Varint();
                    break;
                case NameField:
                    name = Encoding.UTF8.GetString(fields.Bytes());
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return new OnnxWeight(name, type, shape);
    }

    public static void Write(ProtobufWriter weight, string name, long[] shape, float[] values)
    {
        Array.ForEach(shape, extent => weight.Write(ShapeField, extent));
        weight.Write(TypeField, Float32);
        weight.Write(NameField, name);
        weight.Write(ValuesField, MemoryMarshal.AsBytes<float>(values));
    }
}
