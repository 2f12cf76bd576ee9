using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Metadata;

namespace SixLabors.ImageSharp;

/// <summary>Metadata of one format.</summary>
public static class MetadataExtensions
{
    public static PngMetadata GetPngMetadata(this ImageMetadata metadata) => metadata.Png;
}
