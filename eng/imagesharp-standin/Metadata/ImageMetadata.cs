using SixLabors.ImageSharp.Formats.Png;

namespace SixLabors.ImageSharp.Metadata;

/// <summary>What an image says about itself.</summary>
public sealed class ImageMetadata
{
    internal PngMetadata Png { get; init; } = new();

    public ImageMetadata DeepClone() => new() { Png = Png.DeepClone() };
}
