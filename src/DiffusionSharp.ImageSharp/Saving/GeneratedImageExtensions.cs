using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.ImageSharp;

/// <summary>
/// Saves generated pictures, with their <see cref="GenerationParameters"/>. A file is written as a whole or not at all: what was there before
/// is replaced when the new one is complete, and stays when something fails. It keeps its mode; a link stays one, and what it leads to is
/// written; pipes and devices are written into.
/// </summary>
public static class GeneratedImageExtensions
{
    /// <summary>The picture for ImageSharp, with its <see cref="GenerationParameters"/> in its PNG metadata, which ImageSharp writes into no other format.</summary>
    /// <param name="image">A generated picture.</param>
    /// <returns>The picture; dispose it.</returns>
    /// <exception cref="ArgumentException">The picture has neither 3 channels nor 1.</exception>
    public static Image<Rgb24> ToImage(this GeneratedImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image<Rgb24> picture = image.Pixels.ToImage();
        ParametersText.Attach(picture, GenerationParameters.From(image).ToString());
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

    /// <summary>Writes a PNG, with the parameters: encoded on a thread of the pool, written asynchronously only.</summary>
    /// <param name="image">A generated picture.</param>
    /// <param name="stream">Where to write; it is left open.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    /// <returns>Completes when all is written.</returns>
    /// <exception cref="ArgumentException">The picture has neither 3 channels nor 1.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task SaveAsPngAsync(this GeneratedImage image, Stream stream, CancellationToken cancellationToken = default) =>
        WriteAsync(image, stream, Encoders.Png, cancellationToken);

    /// <summary>Saves as JPEG, with the parameters, whatever the extension.</summary>
    /// <param name="image">A generated picture.</param>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="quality">From 1 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is out of range.</exception>
    /// <inheritdoc cref="SaveAsPng(GeneratedImage, string)"/>
    public static void SaveAsJpeg(this GeneratedImage image, string path, int quality = Encoders.DefaultQuality) => Write(image, path, Encoders.Jpeg(quality));

    /// <summary>Writes a JPEG, with the parameters.</summary>
    /// <param name="image">A generated picture.</param>
    /// <param name="stream">Where to write; it is left open.</param>
    /// <param name="quality">From 1 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is out of range.</exception>
    /// <exception cref="ArgumentException">The picture has neither 3 channels nor 1.</exception>
    public static void SaveAsJpeg(this GeneratedImage image, Stream stream, int quality = Encoders.DefaultQuality) => Write(image, stream, Encoders.Jpeg(quality));

    /// <summary>Saves as JPEG on a thread of the pool, with the parameters, whatever the extension.</summary>
    /// <param name="image">A generated picture.</param>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="quality">From 1 to 100.</param>
    /// <param name="cancellationToken">Gives up as long as writing has not begun.</param>
    /// <returns>Completes when the file is there.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <inheritdoc cref="SaveAsJpeg(GeneratedImage, string, int)"/>
    public static Task SaveAsJpegAsync(this GeneratedImage image, string path, int quality = Encoders.DefaultQuality, CancellationToken cancellationToken = default) =>
        WriteAsync(image, path, Encoders.Jpeg(quality), cancellationToken);

    /// <summary>Writes a JPEG, with the parameters: encoded on a thread of the pool, written asynchronously only.</summary>
    /// <param name="image">A generated picture.</param>
    /// <param name="stream">Where to write; it is left open.</param>
    /// <param name="quality">From 1 to 100.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    /// <returns>Completes when all is written.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is out of range.</exception>
    /// <exception cref="ArgumentException">The picture has neither 3 channels nor 1.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task SaveAsJpegAsync(this GeneratedImage image, Stream stream, int quality = Encoders.DefaultQuality, CancellationToken cancellationToken = default) =>
        WriteAsync(image, stream, Encoders.Jpeg(quality), cancellationToken);

    /// <summary>Saves as lossy WebP, with the parameters, whatever the extension.</summary>
    /// <param name="image">A generated picture.</param>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="quality">From 0 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is out of range.</exception>
    /// <inheritdoc cref="SaveAsPng(GeneratedImage, string)"/>
    public static void SaveAsWebp(this GeneratedImage image, string path, int quality = Encoders.DefaultQuality) => Write(image, path, Encoders.Webp(quality));

    /// <summary>Writes a lossy WebP, with the parameters.</summary>
    /// <param name="image">A generated picture.</param>
    /// <param name="stream">Where to write; it is left open.</param>
    /// <param name="quality">From 0 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is out of range.</exception>
    /// <exception cref="ArgumentException">The picture has neither 3 channels nor 1.</exception>
    public static void SaveAsWebp(this GeneratedImage image, Stream stream, int quality = Encoders.DefaultQuality) => Write(image, stream, Encoders.Webp(quality));

    /// <summary>Saves as lossy WebP on a thread of the pool, with the parameters, whatever the extension.</summary>
    /// <param name="image">A generated picture.</param>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="quality">From 0 to 100.</param>
    /// <param name="cancellationToken">Gives up as long as writing has not begun.</param>
    /// <returns>Completes when the file is there.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <inheritdoc cref="SaveAsWebp(GeneratedImage, string, int)"/>
    public static Task SaveAsWebpAsync(this GeneratedImage image, string path, int quality = Encoders.DefaultQuality, CancellationToken cancellationToken = default) =>
        WriteAsync(image, path, Encoders.Webp(quality), cancellationToken);

    /// <summary>Writes a lossy WebP, with the parameters: encoded on a thread of the pool, written asynchronously only.</summary>
    /// <param name="image">A generated picture.</param>
    /// <param name="stream">Where to write; it is left open.</param>
    /// <param name="quality">From 0 to 100.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    /// <returns>Completes when all is written.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="quality"/> is out of range.</exception>
    /// <exception cref="ArgumentException">The picture has neither 3 channels nor 1.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task SaveAsWebpAsync(this GeneratedImage image, Stream stream, int quality = Encoders.DefaultQuality, CancellationToken cancellationToken = default) =>
        WriteAsync(image, stream, Encoders.Webp(quality), cancellationToken);

    private static void Write(GeneratedImage image, string path, Func<GeneratedImage, byte[]> encode)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentException.ThrowIfNullOrEmpty(path);
        WholeFile.Write(path, encode(image));
    }

    private static void Write(GeneratedImage image, Stream stream, Func<GeneratedImage, byte[]> encode)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(encode(image));
    }

    private static Task WriteAsync(GeneratedImage image, string path, Func<GeneratedImage, byte[]> encode, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Task.Run(
            () =>
            {
                byte[] file = encode(image);
                cancellationToken.ThrowIfCancellationRequested();
                WholeFile.Write(path, file);
            },
            cancellationToken);
    }

    private static Task WriteAsync(GeneratedImage image, Stream stream, Func<GeneratedImage, byte[]> encode, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(stream);
        return WriteAsync();

        async Task WriteAsync()
        {
            byte[] file = await Task.Run(() => encode(image), cancellationToken).ConfigureAwait(false);
            await stream.WriteAsync(file, cancellationToken).ConfigureAwait(false);
        }
    }
}
