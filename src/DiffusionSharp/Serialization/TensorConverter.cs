using System.Numerics.Tensors;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DiffusionSharp.Serialization;

/// <summary>A tensor as JSON has it.</summary>
/// <param name="Shape">The extents.</param>
/// <param name="Float32">The values, row-major, little-endian.</param>
internal sealed record TensorValues(long[] Shape, byte[] Float32);

/// <summary>Tensors, every bit of them.</summary>
internal sealed class TensorConverter : JsonConverter<Tensor<float>>
{
    public override Tensor<float> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        TensorValues tensor = reader.Read<TensorValues>(options);
        float[] values = Float32.FromBytes(tensor.Float32);
        return Holds(tensor.Shape, values.Length)
            ? Tensor.Create(values, Array.ConvertAll(tensor.Shape, length => (nint)length))
            : throw new JsonException($"{values.Length} values do not make a tensor of the shape [{string.Join(", ", tensor.Shape)}].");
    }

    public override void Write(Utf8JsonWriter writer, Tensor<float> value, JsonSerializerOptions options) =>
        writer.Write(new TensorValues(Array.ConvertAll(value.Lengths.ToArray(), length => (long)length), Float32.ToBytes(value.Values())), options);

    // In floating point, which does not overflow; a product that large is far from any count.
    private static bool Holds(long[] shape, int count)
    {
        double product = 1;
        foreach (long length in shape)
        {
            product *= length < 0 ? double.NaN : length;
        }

        return shape.Length > 0 && product == count;
    }
}
