using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.ImageSharp;

/// <summary>
/// Saves generated pictures. A PNG carries its <see cref="GenerationParameters"/>, JPEG and WebP do not. A file is written as a whole or
/// not at all: what was there before is replaced when the new one is complete, and stays when something fails.
/// </summary>
public static class GeneratedImageExtensions
{
    /// <summary>The picture for ImageSharp, with its <see cref="GenerationParameters"/> in its PNG metadata.</summary>
    /// <param name="image">A generated picture.</param>
    /// <returns>The picture; dispose it.</returns>
    /// <exception cref="ArgumentException">The picture has neither 3 channels nor 1.</exception>
    public static Image<Rgb24> ToImage(this GeneratedImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image<Rgb24> picture = image.Pixels.ToImage();
        ParametersText.Attach(picture, GenerationParameters.From(image));
        return picture;
    }

    /// <summary>Saves in the format of the file's extension: <c>.png</c>, <c>.jpg</c>, <c>.jpeg</c> or <c>.webp</c>, the last three with a quality of 90.</summary>
    /// <param name="image">A generated picture.</param>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty, a folder, or has another extension or none; or the picture has neither 3 channels nor 1.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or file may not be written.</exception>
    public static void Save(this GeneratedImage image, string path) => Write(image, path, Encoders.For(path));

    /// <summary>Saves on a thread of the pool.</summary>
    /// <param name="image">A generated picture.</param>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="cancellationToken">Gives up as long as writing has not begun.</param>
    /// <returns>Completes when the file is there.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <inheritdoc cref="Save"/>
    public static Task SaveAsync(this GeneratedImage image, string path, CancellationToken cancellationToken = default) =>
        WriteAsync(image, path, Encoders.For(path), cancellationToken);

    /// <summary>Saves as PNG, with the parameters, whatever the extension.</summary>
    /// <param name="image">A generated picture.</param>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty or a folder; or the picture has neither 3 channels nor 1.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or file may not be written.</exception>
    public static void SaveAsPng(this GeneratedImage image, string path) => Write(image, path, Encoders.Png);

    /// <summary>Writes a PNG, with the parameters.</summary>
    /// <param name="image">A generated picture.</param>
    /// <param name="stream">Where to write; it is left open.</param>
    /// <exception cref="ArgumentException">The picture has neither 3 channels nor 1.</exception>
    public static void SaveAsPng(this GeneratedImage image, Stream stream) => Write(image, stream, Encoders.Png);

    /// <summary>Saves as PNG on a thread of the pool, with the parameters, whatever the extension.</summary>
    /// <param name="image">A generated picture.</param>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="cancellationToken">Gives up as long as writing has not begun.</param>
    /// <returns>Completes when the file is there.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <inheritdoc cref="SaveAsPng(GeneratedImage, string)"/>
    public static Task SaveAsPngAsync(this GeneratedImage image, string path, CancellationToken cancellationToken = default) =>
        WriteAsync(image, path, Encoders.Png, cancellationToken);

    /// <summary>Writes a PNG, with the parameters: encoded on a thread of the pool, written asynchronously.</summary>
    /// <param name="image">A generated picture.</param>
    /// <param name="stream">Where to write; it is left open.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    /// <returns>Completes when all is written.</returns>
    /// <exception cref="ArgumentException">The picture has neither 3 channels nor 1.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task SaveAsPngAsync(this GeneratedImage image, Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(stream);
        using var file = new MemoryStream();
        await Task.Run(() => Write(image, file, Encoders.Png), cancellationToken).ConfigureAwait(false);
        file.Position = 0;
        await file.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Saves as JPEG, without the parameters, whatever the extension.</summary>
    /// <param name="image">A generated picture.</param>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="quality">From 1 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is out of range.</exception>
    /// <inheritdoc cref="SaveAsPng(GeneratedImage, string)"/>
    public static void SaveAsJpeg(this GeneratedImage image, string path, int quality = Encoders.DefaultQuality) => Write(image, path, Encoders.Jpeg(quality));

    /// <summary>Writes a JPEG, without the parameters.</summary>
    /// <param name="image">A generated picture.</param>
    /// <param name="stream">Where to write; it is left open.</param>
    /// <param name="quality">From 1 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is out of range.</exception>
    /// <exception cref="ArgumentException">The picture has neither 3 channels nor 1.</exception>
    public static void SaveAsJpeg(this GeneratedImage image, Stream stream, int quality = Encoders.DefaultQuality) => Write(image, stream, Encoders.Jpeg(quality));

    /// <summary>Saves as lossy WebP, without the parameters, whatever the extension.</summary>
    /// <param name="image">A generated picture.</param>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="quality">From 0 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is out of range.</exception>
    /// <inheritdoc cref="SaveAsPng(GeneratedImage, string)"/>
    public static void SaveAsWebp(this GeneratedImage image, string path, int quality = Encoders.DefaultQuality) => Write(image, path, Encoders.Webp(quality));

    /// <summary>Writes a lossy WebP, without the parameters.</summary>
    /// <param name="image">A generated picture.</param>
    /// <param name="stream">Where to write; it is left open.</param>
    /// <param name="quality">From 0 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is out of range.</exception>
    /// <exception cref="ArgumentException">The picture has neither 3 channels nor 1.</exception>
    public static void SaveAsWebp(this GeneratedImage image, Stream stream, int quality = Encoders.DefaultQuality) => Write(image, stream, Encoders.Webp(quality));

    private static void Write(GeneratedImage image, string path, IImageEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentException.ThrowIfNullOrEmpty(path);
        WholeFile.Write(path, file => Write(image, file, encoder));
    }

    private static Task WriteAsync(GeneratedImage image, string path, IImageEncoder encoder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Task.Run(() => Write(image, path, encoder), cancellationToken);
    }

    private static void Write(GeneratedImage image, Stream stream, IImageEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using Image<Rgb24> picture = image.ToImage();
        picture.Save(stream, encoder);
    }
}
