using SixLabors.ImageSharp.Formats.Png.Chunks;

namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>What a PNG file says about itself beside its pixels.</summary>
public class PngMetadata
{
    /// <summary>The color type that was read, and that will be written; null leaves it to the pixel type.</summary>
    public PngColorType? ColorType { get; set; }

    /// <summary>The texts of the tEXt, zTXt and iTXt chunks.</summary>
    public IList<PngTextData> TextData { get; set; } = [];

    public PngMetadata DeepClone() => new() { ColorType = ColorType, TextData = [.. TextData] };
}
