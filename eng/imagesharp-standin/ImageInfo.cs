using SixLabors.ImageSharp.Metadata;

namespace SixLabors.ImageSharp;

/// <summary>What can be said about an encoded image without decoding its pixels.</summary>
public class ImageInfo
{
    internal ImageInfo(Size size, ImageMetadata metadata)
    {
        Size = size;
        Metadata = metadata;
    }

    public Size Size { get; }

    public int Width => Size.Width;

    public int Height => Size.Height;

    public Rectangle Bounds => new(default, Size);

    public ImageMetadata Metadata { get; }
}
