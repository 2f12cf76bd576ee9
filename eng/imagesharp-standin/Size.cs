namespace SixLabors.ImageSharp;

/// <summary>A width and a height in pixels.</summary>
public struct Size(int width, int height) : IEquatable<Size>
{
    public static readonly Size Empty;

    public Size(int value)
        : this(value, value)
    {
    }

    public int Width { readonly get; set; } = width;

    public int Height { readonly get; set; } = height;

    public static bool operator ==(Size left, Size right) => left.Equals(right);

    public static bool operator !=(Size left, Size right) => !left.Equals(right);

    public readonly void Deconstruct(out int width, out int height)
    {
        width = Width;
        height = Height;
    }

    public readonly bool Equals(Size other) => Width == other.Width && Height == other.Height;

    public override readonly bool Equals(object? obj) => obj is Size other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(Width, Height);

    public override readonly string ToString() => $"Size [ Width={Width}, Height={Height} ]";
}
