namespace SixLabors.ImageSharp.Formats.Png;

/// <summary>The color types of the PNG specification.</summary>
public enum PngColorType : byte
{
    Grayscale = 0,
    Rgb = 2,
    Palette = 3,
    GrayscaleWithAlpha = 4,
    RgbWithAlpha = 6,
}
