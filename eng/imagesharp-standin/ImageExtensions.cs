using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Formats.Webp;

namespace SixLabors.ImageSharp;

/// <summary>Saving, to files and streams.</summary>
public static partial class ImageExtensions
{
    public static void Save(this Image source, string path) => source.Save(path, EncoderFor(path));

    public static void Save(this Image source, string path, IImageEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(encoder);
        using FileStream file = File.Create(path);
        source.Save(file, encoder);
    }

    public static Task SaveAsync(this Image source, string path, CancellationToken cancellationToken = default) =>
        source.SaveAsync(path, EncoderFor(path), cancellationToken);

    public static async Task SaveAsync(this Image source, string path, IImageEncoder encoder, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(encoder);
        FileStream file = File.Create(path);
        await using (file.ConfigureAwait(false))
        {
            await source.SaveAsync(file, encoder, cancellationToken).ConfigureAwait(false);
        }
    }

    private static ImageEncoder EncoderFor(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".png" => new PngEncoder(),
            ".jpg" or ".jpeg" or ".jfif" => new JpegEncoder(),
            ".webp" => new WebpEncoder(),
            string other => throw new UnknownImageFormatException($"No encoder was found for extension '{other}': the stand-in for SixLabors.ImageSharp knows .png, .jpg, .jpeg, .jfif and .webp."),
        };
    }
}
