using DiffusionSharp.ImageSharp.Files;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.ImageSharp;

/// <summary>The formats that generated pictures are saved in, each as a function from a picture to the bytes of its file, parameters included.</summary>
internal static class Encoders
{
    public const int DefaultQuality = 90;

    /// <summary>The parameters stay plain text, also when they are long: not every reader looks into compressed text.</summary>
    private static readonly PngEncoder PngEncoder = new() { TextCompressionThreshold = int.MaxValue };

    public static byte[] Png(GeneratedImage image)
    {
        using Image<Rgb24> picture = image.ToImage();
        return Encode(picture, PngEncoder);
    }

    public static Func<GeneratedImage, byte[]> Jpeg(int quality)
    {
        ThrowIfNotQuality(quality, 1);
        return image =>
        {
            using Image<Rgb24> picture = image.Pixels.ToImage();
            return JpegFile.WithExif(Encode(picture, new JpegEncoder { Quality = quality }), Exif(image));
        };
    }

    public static Func<GeneratedImage, byte[]> Webp(int quality)
    {
        ThrowIfNotQuality(quality, 0);
        return image =>
        {
            using Image<Rgb24> picture = image.Pixels.ToImage();
            byte[] file = Encode(picture, new WebpEncoder { FileFormat = WebpFileFormatType.Lossy, Quality = quality });
            return WebpFile.WithExif(file, picture.Width, picture.Height, Exif(image));
        };
    }

    public static Func<GeneratedImage, byte[]> For(string path)
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

    private static byte[] Encode(Image<Rgb24> picture, IImageEncoder encoder)
    {
        using var file = new MemoryStream();
        picture.Save(file, encoder);
        return file.ToArray();
    }

    private static byte[] Exif(GeneratedImage image) => ExifData.OfUserComment(GenerationParameters.From(image).ToString());

    private static void ThrowIfNotQuality(int quality, int lowest)
    {
        if (quality < lowest || quality > 100)
        {
            throw new ArgumentOutOfRangeException(nameof(quality), quality, $"The quality must be in [{lowest}, 100].");
        }
    }
}
