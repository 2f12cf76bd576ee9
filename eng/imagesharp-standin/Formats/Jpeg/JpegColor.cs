using System.Numerics;
using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp.Formats.Jpeg;

/// <summary>Colors as JFIF stores them.</summary>
internal static class JpegColor
{
    /// <summary>Luminance, blueness and redness, centered on zero.</summary>
    public static Vector3 FromRgb(Rgba32 color) => new(
        (.299f * color.R) + (.587f * color.G) + (.114f * color.B) - 128,
        (-.168736f * color.R) - (.331264f * color.G) + (.5f * color.B),
        (.5f * color.R) - (.418688f * color.G) - (.081312f * color.B));

    public static Rgba32 ToRgb(byte y, byte cb, byte cr) => new(
        ToByte(y + (1.402f * (cr - 128))),
        ToByte(y - (.344136f * (cb - 128)) - (.714136f * (cr - 128))),
        ToByte(y + (1.772f * (cb - 128))));

    public static byte ToByte(float value) => (byte)Math.Clamp(value + .5f, byte.MinValue, byte.MaxValue);
}
