using System.Runtime.InteropServices;

namespace DiffusionSharp.OnnxRuntime.Safetensors;

/// <summary>A tensor of a safetensors file: what it is, and where its bytes lie.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type; little-endian.</param>
/// <param name="Shape">Its extents, the last of which runs fastest; none for a single number.</param>
/// <param name="Path">The file.</param>
/// <param name="Offset">Where its bytes begin, counted from the beginning of the file; not aligned to anything.</param>
/// <param name="Length">How many there are.</param>
internal sealed record StoredTensor(string Name, StoredType Type, IReadOnlyList<long> Shape, string Path, long Offset, long Length)
{
    /// <summary>Whether a matrix has rows for columns, as where another layout has the factors of a product the other way round.</summary>
    public bool IsTransposed { get; init; }

    /// <summary>Whether the second half of its rows comes first.</summary>
    public bool HasHalvesSwapped { get; init; }

    /// <summary>Its bytes.</summary>
    /// <exception cref="ModelFormatException">The file cannot be read.</exception>
    public byte[] ReadBytes()
    {
        try
        {
            using FileStream file = File.OpenRead(Path);
            file.Position = Offset;
            var bytes = new byte[Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException(Path, $"the file cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Some of its rows, which are what the first extent counts.</summary>
    public StoredTensor Rows(long first, long count) => this with
    {
        Shape = [count, .. Shape.Skip(1)],
        Offset = Offset + (Length / Shape[0] * first),
        Length = Length / Shape[0] * count,
    };

    public string ShapeText => $"[{string.Join(", ", Shape)}]";

    /// <summary>Its elements as float32.</summary>
    /// <exception cref="ModelFormatException">It has none that floats are, or the file cannot be read.</exception>
    public float[] ReadFloats()
    {
        byte[] bytes = ReadBytes();
        return Type switch
        {
            StoredType.Float32 => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
            StoredType.Float16 => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), half => (float)half),
            StoredType.BFloat16 => Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(bytes).ToArray(), half => BitConverter.UInt32BitsToSingle((uint)half << 16)),
            StoredType.Float64 => Array.ConvertAll(MemoryMarshal.Cast<byte, double>(bytes).ToArray(), number => (float)number),
            _ => throw new ModelFormatException(Path, $"the tensor '{Name}' has elements of {StoredTypes.NameOf(Type)}, which cannot be computed with: expected F32, F16, BF16 or F64."),
        };
    }
}
