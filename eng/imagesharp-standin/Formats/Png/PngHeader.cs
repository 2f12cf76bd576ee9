using System.Buffers.Binary;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>The IHDR chunk.</summary>
internal readonly record struct PngHeader(int Width, int Height, byte BitDepth, PngColorType ColorType, bool Interlaced)
{
    public const int Length = 13;

    public int Channels => ColorType switch
    {
        PngColorType.Grayscale or PngColorType.Palette => 1,
        PngColorType.GrayscaleWithAlpha => 2,
        PngColorType.Rgb => 3,
        PngColorType.RgbWithAlpha => 4,
        _ => throw new InvalidImageContentException($"PNG color type {(byte)ColorType} does not exist."),
    };

    /// <summary>Bytes from a byte to the same channel of the pixel to its left, at least one.</summary>
    public int BytesPerPixel => Math.Max(1, Channels * BitDepth / 8);

    public int BytesPerRow => checked(((Width * Channels * BitDepth) + 7) / 8);

    public static PngHeader Parse(ReadOnlySpan<byte> data)
    {
        var header = new PngHeader(
            BinaryPrimitives.ReadInt32BigEndian(data),
            BinaryPrimitives.ReadInt32BigEndian(data[4..]),
            data[8],
            (PngColorType)data[9],
            data[12] != 0);
        if (header.Width <= 0 || header.Height <= 0)
        {
            throw new InvalidImageContentException("A PNG image must have a width and a height.");
        }

        return header;
    }

    public byte[] ToBytes()
    {
        byte[] data = new byte[Length];
        BinaryPrimitives.WriteInt32BigEndian(data, Width);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), Height);
        data[8] = BitDepth;
        data[9] = (byte)ColorType;
        return data;
    }
}
