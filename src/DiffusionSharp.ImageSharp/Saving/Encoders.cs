using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;

namespace DiffusionSharp.ImageSharp;

/// <summary>The formats that generated pictures are saved in.</summary>
internal static class Encoders
{
    public const int DefaultQuality = 90;

    /// <summary>The parameters stay plain text, also when they are long: not every reader looks into compressed text.</summary>
    public static IImageEncoder Png { get; } = new PngEncoder { TextCompressionThreshold = int.MaxValue };

    public static IImageEncoder Jpeg(int quality)
    {
        ThrowIfNotQuality(quality, 1);
        return new JpegEncoder { Quality = quality };
    }

    public static IImageEncoder Webp(int quality)
    {
        ThrowIfNotQuality(quality, 0);
        return new WebpEncoder { FileFormat = WebpFileFormatType.Lossy, Quality = quality };
    }

    public static IImageEncoder For(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => Png,
            ".jpg" or ".jpeg" => Jpeg(DefaultQuality),
            ".webp" => Webp(DefaultQuality),
            string extension => throw new ArgumentException(
                $"'{path}' {(extension.Length == 0 ? "has no extension" : $"has the unknown extension '{extension}'")}: the format is chosen by .png, .jpg, .jpeg or .webp.", nameof(path)),
        };
    }

    private static void ThrowIfNotQuality(int quality, int lowest)
    {
        if (quality < lowest || quality > 100)
        {
            throw new ArgumentOutOfRangeException(nameof(quality), quality, $"The quality must be in [{lowest}, 100].");
        }
    }
}
