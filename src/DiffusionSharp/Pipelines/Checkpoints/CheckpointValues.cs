using System.Numerics.Tensors;
using DiffusionSharp.Serialization;

namespace DiffusionSharp;

/// <summary>Requests and tensors in a checkpoint, with their lengths.</summary>
internal static class CheckpointValues
{
    public static void WriteRequest(this BinaryWriter writer, GenerationRequest request, GenerationRequestJson json)
    {
        byte[] text = json.SerializeToUtf8Bytes(request);
        writer.Write(text.Length);
        writer.Write(text);
    }

    public static GenerationRequest ReadRequest(this BinaryReader reader, GenerationRequestJson json) => json.Deserialize(reader.ReadBytes(reader.ReadInt32()));

    public static void WriteTensor(this BinaryWriter writer, Tensor<float> values)
    {
        writer.Write(values.Rank);
        foreach (nint extent in values.Lengths)
        {
            writer.Write((long)extent);
        }

        writer.WriteAll(values.Values());
    }

    public static Tensor<float> ReadTensor(this BinaryReader reader)
    {
        var lengths = new nint[reader.ReadInt32()];
        nint length = 1;
        for (int i = 0; i < lengths.Length; i++)
        {
            lengths[i] = (nint)reader.ReadInt64();
            length = checked(length * lengths[i]);
        }

        var values = new float[length];
        reader.ReadAll(values);
        return Tensor.Create(values, lengths);
    }
}
