using System.Numerics;

namespace SixLabors.ImageSharp.PixelFormats;

/// <summary>Luminance, a byte (ITU-R BT.709).</summary>
public struct L8(byte luminance) : IPixel<L8>
{
    public byte PackedValue { readonly get; set; } = luminance;

    public static bool operator ==(L8 left, L8 right) => left.Equals(right);

    public static bool operator !=(L8 left, L8 right) => !left.Equals(right);

    public void FromScaledVector4(Vector4 vector)
    {
        Rgba32 rgba = default;
        rgba.FromScaledVector4(vector);
        FromRgba32(rgba);
    }

    public readonly Vector4 ToScaledVector4() => new(new Vector3(PackedValue / (float)byte.MaxValue), 1);

    public void FromRgba32(Rgba32 source) =>
        PackedValue = (byte)((source.R * .2126f) + (source.G * .7152f) + (source.B * .0722f) + .5f);

    public readonly void ToRgba32(ref Rgba32 dest) => dest = new Rgba32(PackedValue, PackedValue, PackedValue);

    public readonly bool Equals(L8 other) => PackedValue == other.PackedValue;

    public override readonly bool Equals(object? obj) => obj is L8 other && Equals(other);

    public override readonly int GetHashCode() => PackedValue.GetHashCode();

    public override readonly string ToString() => $"L8({PackedValue})";
}
