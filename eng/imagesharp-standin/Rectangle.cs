namespace SixLabors.ImageSharp;

/// <summary>A rectangle of pixels; right and bottom are exclusive.</summary>
public struct Rectangle(int x, int y, int width, int height) : IEquatable<Rectangle>
{
    public static readonly Rectangle Empty;

    public Rectangle(Point point, Size size)
        : this(point.X, point.Y, size.Width, size.Height)
    {
    }

    public int X { readonly get; set; } = x;

    public int Y { readonly get; set; } = y;

    public int Width { readonly get; set; } = width;

    public int Height { readonly get; set; } = height;

    public readonly int Left => X;

    public readonly int Top => Y;

    public readonly int Right => X + Width;

    public readonly int Bottom => Y + Height;

    public readonly Size Size => new(Width, Height);

    public static bool operator ==(Rectangle left, Rectangle right) => left.Equals(right);

    public static bool operator !=(Rectangle left, Rectangle right) => !left.Equals(right);

    public static Rectangle Intersect(Rectangle a, Rectangle b)
    {
        int left = Math.Max(a.Left, b.Left);
        int top = Math.Max(a.Top, b.Top);
        int right = Math.Min(a.Right, b.Right);
        int bottom = Math.Min(a.Bottom, b.Bottom);
        return right > left && bottom > top ? new Rectangle(left, top, right - left, bottom - top) : Empty;
    }

    public readonly bool Contains(Rectangle rectangle) =>
        Left <= rectangle.Left && rectangle.Right <= Right && Top <= rectangle.Top && rectangle.Bottom <= Bottom;

    public readonly bool Equals(Rectangle other) =>
        X == other.X && Y == other.Y && Width == other.Width && Height == other.Height;

    public override readonly bool Equals(object? obj) => obj is Rectangle other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(X, Y, Width, Height);

    public override readonly string ToString() => $"Rectangle [ X={X}, Y={Y}, Width={Width}, Height={Height} ]";
}
