using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace DiffusionSharp.Serialization;

/// <summary>Numbers of float32 as little-endian bytes.</summary>
internal static class Float32
{
    public static byte[] ToBytes(ReadOnlySpan<float> values)
    {
        var bytes = new byte[checked(values.Length * sizeof(float))];
        Copy(MemoryMarshal.Cast<float, int>(values), MemoryMarshal.Cast<byte, int>(bytes.AsSpan()));
        return bytes;
    }

    public static float[] FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % sizeof(float) != 0)
        {
            throw new JsonException($"{bytes.Length} bytes are no whole number of float32 values.");
        }

        var values = new float[bytes.Length / sizeof(float)];
        Copy(MemoryMarshal.Cast<byte, int>(bytes), MemoryMarshal.Cast<float, int>(values.AsSpan()));
        return values;
    }

    private static void Copy(ReadOnlySpan<int> source, Span<int> destination)
    {
        if (BitConverter.IsLittleEndian)
        {
            source.CopyTo(destination);
        }
        else
        {
            BinaryPrimitives.ReverseEndianness(source, destination);
        }
    }
}
