using SixLabors.ImageSharp.PixelFormats;

namespace SixLabors.ImageSharp;

/// <summary>A color that becomes whatever pixel an image is made of.</summary>
public readonly struct Color : IEquatable<Color>
{
    public static readonly Color Black = FromRgb(0, 0, 0);
    public static readonly Color Blue = FromRgb(0, 0, 255);
    public static readonly Color Gray = FromRgb(128, 128, 128);
    public static readonly Color Green = FromRgb(0, 128, 0);
    public static readonly Color Red = FromRgb(255, 0, 0);
    public static readonly Color Transparent = FromRgba(255, 255, 255, 0);
    public static readonly Color White = FromRgb(255, 255, 255);
    public static readonly Color Yellow = FromRgb(255, 255, 0);

    private readonly Rgba32 _value;

    private Color(Rgba32 value) => _value = value;

    public static bool operator ==(Color left, Color right) => left.Equals(right);

    public static bool operator !=(Color left, Color right) => !left.Equals(right);

    public static Color FromRgb(byte r, byte g, byte b) => new(new Rgba32(r, g, b));

    public static Color FromRgba(byte r, byte g, byte b, byte a) => new(new Rgba32(r, g, b, a));

    public static Color FromPixel<TPixel>(TPixel pixel)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        Rgba32 value = default;
        pixel.ToRgba32(ref value);
        return new Color(value);
    }

    public TPixel ToPixel<TPixel>()
        where TPixel : unmanaged, IPixel<TPixel>
    {
        TPixel pixel = default;
        pixel.FromRgba32(_value);
        return pixel;
    }

    public bool Equals(Color other) => _value.Equals(other._value);

    public override bool Equals(object? obj) => obj is Color other && Equals(other);

    public override int GetHashCode() => _value.GetHashCode();
}
