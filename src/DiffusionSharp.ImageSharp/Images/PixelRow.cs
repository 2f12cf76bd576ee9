using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.ImageSharp;

/// <summary>One row of pixels, between three planes of floats in [-1, 1] and interleaved bytes.</summary>
internal static class PixelRow
{
    private const int Block = 16;
    private const byte No = 255;

    private static readonly float[] Values = CreateValues();

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
        red = red[..row.Length];
        green = green[..row.Length];
        blue = blue[..row.Length];
        ReadOnlySpan<float> values = Values;
        for (int x = 0; x < row.Length; x++)
        {
            Rgb24 pixel = row[x];
            red[x] = values[pixel.R];
            green[x] = values[pixel.G];
            blue[x] = values[pixel.B];
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

    private static void PackBlock(ReadOnlySpan<float> red, ReadOnlySpan<float> green, ReadOnlySpan<float> blue, Span<Rgb24> row)
    {
        Vector128<byte> r = ToBytes(red);
        Vector128<byte> g = ToBytes(green);
        Vector128<byte> b = ToBytes(blue);
        Span<byte> bytes = MemoryMarshal.AsBytes(row);

        (Vector128.Shuffle(r, Vector128.Create(0, No, No, 1, No, No, 2, No, No, 3, No, No, 4, No, No, 5))
            | Vector128.Shuffle(g, Vector128.Create(No, 0, No, No, 1, No, No, 2, No, No, 3, No, No, 4, No, No))
            | Vector128.Shuffle(b, Vector128.Create(No, No, 0, No, No, 1, No, No, 2, No, No, 3, No, No, 4, No))).CopyTo(bytes);
        (Vector128.Shuffle(r, Vector128.Create(No, No, 6, No, No, 7, No, No, 8, No, No, 9, No, No, 10, No))
            | Vector128.Shuffle(g, Vector128.Create(5, No, No, 6, No, No, 7, No, No, 8, No, No, 9, No, No, 10))
            | Vector128.Shuffle(b, Vector128.Create(No, 5, No, No, 6, No, No, 7, No, No, 8, No, No, 9, No, No))).CopyTo(bytes[Block..]);
        (Vector128.Shuffle(r, Vector128.Create(No, 11, No, No, 12, No, No, 13, No, No, 14, No, No, 15, No, No))
            | Vector128.Shuffle(g, Vector128.Create(No, No, 11, No, No, 12, No, No, 13, No, No, 14, No, No, 15, No))
            | Vector128.Shuffle(b, Vector128.Create(10, No, No, 11, No, No, 12, No, No, 13, No, No, 14, No, No, 15))).CopyTo(bytes[(2 * Block)..]);
    }

    private static Vector128<byte> ToBytes(ReadOnlySpan<float> values) => Vector128.Narrow(
        Vector128.Narrow(ToIntegers(values), ToIntegers(values[4..])),
        Vector128.Narrow(ToIntegers(values[8..]), ToIntegers(values[12..])));

    private static Vector128<uint> ToIntegers(ReadOnlySpan<float> values)
    {
        Vector128<float> half = Vector128.Create(0.5f);
        Vector128<float> share = (Vector128.Create(values) * half) + half;
        share = Vector128.Min(Vector128.Max(share, Vector128<float>.Zero), Vector128<float>.One);
        return Vector128.ConvertToInt32(Vector128.Round(share * 255f)).AsUInt32();
    }

    private static float[] CreateValues()
    {
        var values = new float[256];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (2 * (i / 255f)) - 1;
        }

        return values;
    }
}
