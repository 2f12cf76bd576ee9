using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.ImageSharp;

/// <summary>One row of pixels, between three planes of floats in [-1, 1] and interleaved bytes.</summary>
internal static class PixelRow
{
    private const int Block = 16;
    private const byte No = 255;

    // A float of this size has no bits below 1, so what is added to it is rounded to a whole number, ties to even, in its lowest byte.
    private const float Rounding = 1 << 23;

    // 2 / 255 in two parts: a byte times the first is exact, so the sum of both products is rounded once and equals 2 * (byte / 255f).
    private const float ByteStep = 257f / 32768;
    private const float ByteStepRest = (float)((2.0 / 255) - ByteStep);

    /// <summary>
    /// Each byte is <c>round(clamp(v / 2 + 0.5, 0, 1) * 255)</c> in float32 with ties to even, as torch and NumPy compute it for diffusers;
    /// NaN becomes 0.
    /// </summary>
    /// <param name="red">At least as many values as the row has pixels.</param>
    /// <param name="green">At least as many values as the row has pixels.</param>
    /// <param name="blue">At least as many values as the row has pixels.</param>
    /// <param name="row">The pixels to write.</param>
    public static void Pack(ReadOnlySpan<float> red, ReadOnlySpan<float> green, ReadOnlySpan<float> blue, Span<Rgb24> row)
    {
        if (row.Length < Block)
        {
            PackNarrow(red, green, blue, row);
            return;
        }

        for (int x = 0; x < row.Length; x += Block)
        {
            // The last block overlaps the one before.
            int start = Math.Min(x, row.Length - Block);
            PackBlock(red.Slice(start, Block), green.Slice(start, Block), blue.Slice(start, Block), row.Slice(start, Block));
        }
    }

    /// <summary>Each value is <c>2 * (byte / 255) - 1</c> in float32, as diffusers computes it; <see cref="Pack"/> gives back the byte.</summary>
    /// <param name="row">The pixels to read.</param>
    /// <param name="red">One value for each pixel.</param>
    /// <param name="green">One value for each pixel.</param>
    /// <param name="blue">One value for each pixel.</param>
    public static void Unpack(ReadOnlySpan<Rgb24> row, Span<float> red, Span<float> green, Span<float> blue)
    {
        if (row.Length < Block)
        {
            UnpackNarrow(row, red, green, blue);
            return;
        }

        for (int x = 0; x < row.Length; x += Block)
        {
            int start = Math.Min(x, row.Length - Block);
            UnpackBlock(row.Slice(start, Block), red.Slice(start, Block), green.Slice(start, Block), blue.Slice(start, Block));
        }
    }

    private static void PackNarrow(ReadOnlySpan<float> red, ReadOnlySpan<float> green, ReadOnlySpan<float> blue, Span<Rgb24> row)
    {
        Span<float> padded = stackalloc float[3 * Block];
        Span<Rgb24> pixels = stackalloc Rgb24[Block];
        padded.Clear();
        red[..row.Length].CopyTo(padded);
        green[..row.Length].CopyTo(padded[Block..]);
        blue[..row.Length].CopyTo(padded[(2 * Block)..]);
        PackBlock(padded[..Block], padded.Slice(Block, Block), padded[(2 * Block)..], pixels);
        pixels[..row.Length].CopyTo(row);
    }

    private static void UnpackNarrow(ReadOnlySpan<Rgb24> row, Span<float> red, Span<float> green, Span<float> blue)
    {
        Span<Rgb24> pixels = stackalloc Rgb24[Block];
        Span<float> planes = stackalloc float[3 * Block];
        pixels.Clear();
        row.CopyTo(pixels);
        UnpackBlock(pixels, planes[..Block], planes.Slice(Block, Block), planes[(2 * Block)..]);
        planes[..row.Length].CopyTo(red);
        planes.Slice(Block, row.Length).CopyTo(green);
        planes.Slice(2 * Block, row.Length).CopyTo(blue);
    }

    private static void PackBlock(ReadOnlySpan<float> red, ReadOnlySpan<float> green, ReadOnlySpan<float> blue, Span<Rgb24> row)
    {
        Vector128<byte> first = PackPixels(red, green, blue);
        Vector128<byte> second = PackPixels(red[4..], green[4..], blue[4..]);
        Vector128<byte> third = PackPixels(red[8..], green[8..], blue[8..]);
        Vector128<byte> fourth = PackPixels(red[12..], green[12..], blue[12..]);
        Span<byte> bytes = MemoryMarshal.AsBytes(row);

        (Vector128.Shuffle(first, Vector128.Create(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, No, No, No, No))
            | Vector128.Shuffle(second, Vector128.Create(No, No, No, No, No, No, No, No, No, No, No, No, 0, 1, 2, 4))).CopyTo(bytes);
        (Vector128.Shuffle(second, Vector128.Create(5, 6, 8, 9, 10, 12, 13, 14, No, No, No, No, No, No, No, No))
            | Vector128.Shuffle(third, Vector128.Create(No, No, No, No, No, No, No, No, 0, 1, 2, 4, 5, 6, 8, 9))).CopyTo(bytes[Block..]);
        (Vector128.Shuffle(third, Vector128.Create(10, 12, 13, 14, No, No, No, No, No, No, No, No, No, No, No, No))
            | Vector128.Shuffle(fourth, Vector128.Create(No, No, No, No, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14))).CopyTo(bytes[(2 * Block)..]);
    }

    private static void UnpackBlock(ReadOnlySpan<Rgb24> row, Span<float> red, Span<float> green, Span<float> blue)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(row);
        Vector128<byte> first = Vector128.Create(bytes);
        Vector128<byte> second = Vector128.Create(bytes[Block..]);
        Vector128<byte> third = Vector128.Create(bytes[(2 * Block)..]);

        ToFloats(
            Vector128.Shuffle(first, Vector128.Create(0, 3, 6, 9, 12, 15, No, No, No, No, No, No, No, No, No, No))
            | Vector128.Shuffle(second, Vector128.Create(No, No, No, No, No, No, 2, 5, 8, 11, 14, No, No, No, No, No))
            | Vector128.Shuffle(third, Vector128.Create(No, No, No, No, No, No, No, No, No, No, No, 1, 4, 7, 10, 13)),
            red);
        ToFloats(
            Vector128.Shuffle(first, Vector128.Create(1, 4, 7, 10, 13, No, No, No, No, No, No, No, No, No, No, No))
            | Vector128.Shuffle(second, Vector128.Create(No, No, No, No, No, 0, 3, 6, 9, 12, 15, No, No, No, No, No))
            | Vector128.Shuffle(third, Vector128.Create(No, No, No, No, No, No, No, No, No, No, No, 2, 5, 8, 11, 14)),
            green);
        ToFloats(
            Vector128.Shuffle(first, Vector128.Create(2, 5, 8, 11, 14, No, No, No, No, No, No, No, No, No, No, No))
            | Vector128.Shuffle(second, Vector128.Create(No, No, No, No, No, 1, 4, 7, 10, 13, No, No, No, No, No, No))
            | Vector128.Shuffle(third, Vector128.Create(No, No, No, No, No, No, No, No, No, No, 0, 3, 6, 9, 12, 15)),
            blue);
    }

    // Four pixels, the fourth byte of each without meaning.
    private static Vector128<byte> PackPixels(ReadOnlySpan<float> red, ReadOnlySpan<float> green, ReadOnlySpan<float> blue) =>
        (ToIntegers(red) | (ToIntegers(green) << 8) | (ToIntegers(blue) << 16)).AsByte();

    // The byte is the lowest one; the highest is that of the float.
    private static Vector128<uint> ToIntegers(ReadOnlySpan<float> values)
    {
        Vector128<float> half = Vector128.Create(0.5f);
        Vector128<float> scaled = ((Vector128.Create(values) * half) + half) * 255f;

        // NaN is not greater than 0 either.
        scaled = Vector128.MinNative(scaled & Vector128.GreaterThan(scaled, Vector128<float>.Zero), Vector128.Create(255f));
        return (scaled + Vector128.Create(Rounding)).AsUInt32();
    }

    private static void ToFloats(Vector128<byte> bytes, Span<float> values)
    {
        (Vector128<ushort> lower, Vector128<ushort> upper) = Vector128.Widen(bytes);
        ToFloats(lower, values);
        ToFloats(upper, values[8..]);
    }

    private static void ToFloats(Vector128<ushort> bytes, Span<float> values)
    {
        (Vector128<uint> lower, Vector128<uint> upper) = Vector128.Widen(bytes);
        ToFloats(lower.AsInt32()).CopyTo(values);
        ToFloats(upper.AsInt32()).CopyTo(values[4..]);
    }

    private static Vector128<float> ToFloats(Vector128<int> bytes)
    {
        Vector128<float> steps = Vector128.ConvertToSingle(bytes);
        return (steps * ByteStep) + (steps * ByteStepRest) - Vector128<float>.One;
    }
}
