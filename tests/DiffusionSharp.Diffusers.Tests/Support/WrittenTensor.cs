using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace DiffusionSharp.Diffusers.Tests.Support;

/// <summary>A tensor that a test writes into a safetensors file.</summary>
internal sealed record WrittenTensor(string Name, string Type, long[] Shape, byte[] Bytes)
{
    /// <summary>Floats.</summary>
    public static WrittenTensor Of(string name, ReadOnlySpan<float> values, params long[] shape) => new(name, "F32", shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>The bytes of a file with these tensors, one after another.</summary>
    public static byte[] File(params IEnumerable<WrittenTensor> tensors) => File(new Dictionary<string, string>(), tensors);

    /// <summary>The same with metadata.</summary>
    public static byte[] File(IReadOnlyDictionary<string, string> metadata, IEnumerable<WrittenTensor> tensors)
    {
        var entries = new Dictionary<string, object> { ["__metadata__"] = metadata };
        var data = new MemoryStream();
        foreach (WrittenTensor tensor in tensors)
        {
            entries[tensor.Name] = new { dtype = tensor.Type, shape = tensor.Shape, data_offsets = new[] { data.Length, data.Length + tensor.Bytes.Length } };
            data.Write(tensor.Bytes);
        }

        return File(JsonSerializer.Serialize(entries), data.ToArray());
    }

    /// <summary>The bytes of a file with a header of one's own.</summary>
    public static byte[] File(string header, params byte[] data) => File(Encoding.UTF8.GetBytes(header), data);

    public static byte[] File(byte[] header, byte[] data)
    {
        var length = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        return [.. length, .. header, .. data];
    }
}
