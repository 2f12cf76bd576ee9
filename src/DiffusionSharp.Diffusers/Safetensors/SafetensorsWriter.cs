using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using DiffusionSharp.OnnxRuntime.Safetensors;

namespace DiffusionSharp.Diffusers.Safetensors;

/// <summary>Writes safetensors files.</summary>
internal static class SafetensorsWriter
{
    private const int Alignment = 64;

    /// <summary>What comes before the bytes of a file with one tensor of float32, so that these begin at a multiple of 64.</summary>
    public static byte[] Header(string name, IReadOnlyList<long> shape, IReadOnlyDictionary<string, string> metadata)
    {
        long length = shape.Aggregate((long)sizeof(float), (bytes, extent) => bytes * extent);
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach ((string key, string value) in metadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            json.WriteStartObject(name);
            json.WriteString("dtype", StoredTypes.NameOf(StoredType.Float32));
            WriteNumbers(json, "shape", shape);
            WriteNumbers(json, "data_offsets", [0, length]);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        int padding = -(sizeof(ulong) + text.WrittenCount) & (Alignment - 1);
        var header = new byte[sizeof(ulong) + text.WrittenCount + padding];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)(text.WrittenCount + padding));
        text.WrittenSpan.CopyTo(header.AsSpan(sizeof(ulong)));
        header.AsSpan(sizeof(ulong) + text.WrittenCount).Fill((byte)' ');
        return header;
    }

    private static void WriteNumbers(Utf8JsonWriter json, string key, IReadOnlyList<long> numbers)
    {
        json.WriteStartArray(key);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
