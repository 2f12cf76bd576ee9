namespace SixLabors.ImageSharp.PixelFormats;

/// <summary>A pixel that knows its own type.</summary>
public interface IPixel<TSelf> : IPixel, IEquatable<TSelf>
    where TSelf : unmanaged, IPixel<TSelf>;
