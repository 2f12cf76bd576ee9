using System.Numerics;

namespace SixLabors.ImageSharp.PixelFormats;

/// <summary>What every pixel can be converted from and to.</summary>
public interface IPixel
{
    void FromScaledVector4(Vector4 vector);

    Vector4 ToScaledVector4();

    void FromRgba32(Rgba32 source);

    void ToRgba32(ref Rgba32 dest);
}
