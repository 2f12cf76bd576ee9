using System.Runtime.InteropServices;

namespace DiffusionSharp;

/// <summary>Whole spans of numbers as state: little-endian, without their length, and without allocating.</summary>
public static class StateExtensions
{
    /// <summary>Writes numbers of float32.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="values">The numbers.</param>
    /// <exception cref="ArgumentNullException"><paramref name="writer"/> is null.</exception>
    public static void WriteAll(this BinaryWriter writer, ReadOnlySpan<float> values)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (BitConverter.IsLittleEndian)
        {
            writer.Write(MemoryMarshal.AsBytes(values));
            return;
        }

        foreach (float value in values)
        {
            writer.Write(value);
        }
    }

    /// <summary>Writes numbers of float64.</summary>
    /// <inheritdoc cref="WriteAll(BinaryWriter, ReadOnlySpan{float})"/>
    public static void WriteAll(this BinaryWriter writer, ReadOnlySpan<double> values)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (double value in values)
        {
            writer.Write(value);
        }
    }

    /// <summary>Reads as many numbers of float32 as the destination has.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="destination">Receives them.</param>
    /// <exception cref="ArgumentNullException"><paramref name="reader"/> is null.</exception>
    /// <exception cref="EndOfStreamException">There are fewer.</exception>
    public static void ReadAll(this BinaryReader reader, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (BitConverter.IsLittleEndian)
        {
            reader.ReadExactly(MemoryMarshal.AsBytes(destination));
            return;
        }

        foreach (ref float value in destination)
        {
            value = reader.ReadSingle();
        }
    }

    /// <summary>Reads as many numbers of float64 as the destination has.</summary>
    /// <inheritdoc cref="ReadAll(BinaryReader, Span{float})"/>
    public static void ReadAll(this BinaryReader reader, Span<double> destination)
    {
        ArgumentNullException.ThrowIfNull(reader);
        foreach (ref double value in destination)
        {
            value = reader.ReadDouble();
        }
    }

    /// <summary>Writes a number that may be missing.</summary>
    internal static void WriteOptional(this BinaryWriter writer, double? value)
    {
        writer.Write(value.HasValue);
        writer.Write(value ?? 0);
    }

    /// <summary>Reads what <see cref="WriteOptional"/> wrote.</summary>
    internal static double? ReadOptional(this BinaryReader reader)
    {
        bool hasValue = reader.ReadBoolean();
        double value = reader.ReadDouble();
        return hasValue ? value : null;
    }
}
