using System.Buffers.Binary;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>The PLTE chunk, and the transparency that the tRNS chunk gives to a palette or to a single color.</summary>
internal sealed class PngPalette
{
    private Rgba32[] _colors = [];
    private byte[] _transparency = [];

    public bool HasTransparency => _transparency.Length > 0;

    public Rgba32 this[int index] =>
        index < _colors.Length ? _colors[index] : throw new InvalidImageContentException($"PNG palette index {index} is past the end of the palette.");

    public void ReadColors(ReadOnlySpan<byte> data)
    {
        _colors = new Rgba32[data.Length / 3];
        for (int i = 0; i < _colors.Length; i++)
        {
            _colors[i] = new Rgba32(data[3 * i], data[(3 * i) + 1], data[(3 * i) + 2]);
        }
    }

    public void ReadTransparency(ReadOnlySpan<byte> data)
    {
        _transparency = data.ToArray();
        for (int i = 0; i < Math.Min(data.Length, _colors.Length); i++)
        {
            _colors[i].A = data[i];
        }
    }

    public Rgba32 Gray(int sample, int bitDepth)
    {
        byte value = (byte)(sample * byte.MaxValue / ((1 << bitDepth) - 1));
        return new Rgba32(value, value, value, HasTransparency && sample == Transparent(0) ? (byte)0 : byte.MaxValue);
    }

    public Rgba32 Rgb(byte r, byte g, byte b)
    {
        bool transparent = HasTransparency && r == Transparent(0) && g == Transparent(1) && b == Transparent(2);
        return new Rgba32(r, g, b, transparent ? (byte)0 : byte.MaxValue);
    }

    private int Transparent(int channel) => BinaryPrimitives.ReadUInt16BigEndian(_transparency.AsSpan(2 * channel));
}
