using System.Numerics.Tensors;
using DiffusionSharp.ImageSharp.Files;

namespace DiffusionSharp.ImageSharp;

/// <summary>
/// Loads pictures and masks as tensors, for image-to-image and inpainting: PNG, JPEG, WebP, GIF and BMP, of animations the first picture.
/// Photos come in upright, turned as EXIF says they shall be looked at.
/// </summary>
public static class ImageTensors
{
    /// <summary>Loads a picture; transparent parts become white.</summary>
    /// <param name="path">A PNG, JPEG, WebP, GIF or BMP file.</param>
    /// <param name="fit">The size to give it.</param>
    /// <param name="limits">How large it may be; <see cref="ImageLimits.Default"/> when null.</param>
    /// <returns><c>[1, 3, H, W]</c> in [-1, 1].</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    /// <exception cref="InvalidDataException">The file is empty, damaged, too large or not a picture; the message names it.</exception>
    public static Tensor<float> Load(string path, ImageFit fit, ImageLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        limits ??= ImageLimits.Default;
        return fit.Read(PictureBytes.Read(path, limits), limits);
    }

    /// <summary>Loads a picture; transparent parts become white.</summary>
    /// <param name="stream">A PNG, JPEG, WebP, GIF or BMP picture; it is read to its end and left open.</param>
    /// <param name="fit">The size to give it.</param>
    /// <param name="limits">How large it may be; <see cref="ImageLimits.Default"/> when null.</param>
    /// <returns><c>[1, 3, H, W]</c> in [-1, 1].</returns>
    /// <exception cref="InvalidDataException">The stream is empty, damaged, too large or not a picture.</exception>
    public static Tensor<float> Load(Stream stream, ImageFit fit, ImageLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(fit);
        limits ??= ImageLimits.Default;
        return fit.Read(PictureBytes.Read(stream, limits), limits);
    }

    /// <summary>Loads a picture: reads it asynchronously and decodes it on a thread of the pool.</summary>
    /// <param name="path">A PNG, JPEG, WebP, GIF or BMP file.</param>
    /// <param name="fit">The size to give it.</param>
    /// <param name="limits">How large it may be; <see cref="ImageLimits.Default"/> when null.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns><c>[1, 3, H, W]</c> in [-1, 1].</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <inheritdoc cref="Load(string, ImageFit, ImageLimits?)"/>
    public static Task<Tensor<float>> LoadAsync(string path, ImageFit fit, ImageLimits? limits = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        limits ??= ImageLimits.Default;
        return DecodeAsync(PictureBytes.ReadAsync(path, limits, cancellationToken), file => fit.Read(file, limits, cancellationToken), cancellationToken);
    }

    /// <summary>Loads a picture: reads it asynchronously only and decodes it on a thread of the pool.</summary>
    /// <param name="stream">A PNG, JPEG, WebP, GIF or BMP picture; it is read to its end and left open.</param>
    /// <param name="fit">The size to give it.</param>
    /// <param name="limits">How large it may be; <see cref="ImageLimits.Default"/> when null.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns><c>[1, 3, H, W]</c> in [-1, 1].</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <inheritdoc cref="Load(Stream, ImageFit, ImageLimits?)"/>
    public static Task<Tensor<float>> LoadAsync(Stream stream, ImageFit fit, ImageLimits? limits = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(fit);
        limits ??= ImageLimits.Default;
        return DecodeAsync(PictureBytes.ReadAsync(stream, limits, cancellationToken), file => fit.Read(file, limits, cancellationToken), cancellationToken);
    }

    /// <summary>Loads a mask; it is turned, scaled and cut as <see cref="ImageFit.Exactly"/> does with the picture, so that both stay aligned.</summary>
    /// <param name="path">A PNG, JPEG, WebP, GIF or BMP file.</param>
    /// <param name="width">Width of the picture in pixels, at least 1.</param>
    /// <param name="height">Height of the picture in pixels, at least 1.</param>
    /// <param name="threshold">From which share of white (or of what <paramref name="channel"/> says) a pixel is repainted, in (0, 1].</param>
    /// <param name="channel">What says where to repaint.</param>
    /// <param name="limits">How large it may be; <see cref="ImageLimits.Default"/> when null.</param>
    /// <returns><c>[1, 1, H, W]</c>: 1 where to repaint, 0 where to keep.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side, the threshold or the channel is out of range.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    /// <exception cref="InvalidDataException">The file is empty, damaged, too large or not a picture; the message names it.</exception>
    public static Tensor<float> LoadMask(string path, int width, int height, float threshold = 0.5f, MaskChannel channel = MaskChannel.Brightness, ImageLimits? limits = null)
    {
        MaskReader reader = new(width, height, threshold, channel);
        limits ??= ImageLimits.Default;
        return reader.Read(PictureBytes.Read(path, limits), limits);
    }

    /// <summary>Loads a mask; it is turned, scaled and cut as <see cref="ImageFit.Exactly"/> does with the picture, so that both stay aligned.</summary>
    /// <param name="stream">A PNG, JPEG, WebP, GIF or BMP picture; it is read to its end and left open.</param>
    /// <param name="width">Width of the picture in pixels, at least 1.</param>
    /// <param name="height">Height of the picture in pixels, at least 1.</param>
    /// <param name="threshold">From which share of white (or of what <paramref name="channel"/> says) a pixel is repainted, in (0, 1].</param>
    /// <param name="channel">What says where to repaint.</param>
    /// <param name="limits">How large it may be; <see cref="ImageLimits.Default"/> when null.</param>
    /// <returns><c>[1, 1, H, W]</c>: 1 where to repaint, 0 where to keep.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side, the threshold or the channel is out of range.</exception>
    /// <exception cref="InvalidDataException">The stream is empty, damaged, too large or not a picture.</exception>
    public static Tensor<float> LoadMask(Stream stream, int width, int height, float threshold = 0.5f, MaskChannel channel = MaskChannel.Brightness, ImageLimits? limits = null)
    {
        MaskReader reader = new(width, height, threshold, channel);
        limits ??= ImageLimits.Default;
        return reader.Read(PictureBytes.Read(stream, limits), limits);
    }

    /// <summary>Loads a mask: reads it asynchronously and decodes it on a thread of the pool.</summary>
    /// <param name="path">A PNG, JPEG, WebP, GIF or BMP file.</param>
    /// <param name="width">Width of the picture in pixels, at least 1.</param>
    /// <param name="height">Height of the picture in pixels, at least 1.</param>
    /// <param name="threshold">From which share of white (or of what <paramref name="channel"/> says) a pixel is repainted, in (0, 1].</param>
    /// <param name="channel">What says where to repaint.</param>
    /// <param name="limits">How large it may be; <see cref="ImageLimits.Default"/> when null.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns><c>[1, 1, H, W]</c>: 1 where to repaint, 0 where to keep.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <inheritdoc cref="LoadMask(string, int, int, float, MaskChannel, ImageLimits?)"/>
    public static Task<Tensor<float>> LoadMaskAsync(string path, int width, int height, float threshold = 0.5f, MaskChannel channel = MaskChannel.Brightness, ImageLimits? limits = null, CancellationToken cancellationToken = default)
    {
        MaskReader reader = new(width, height, threshold, channel);
        limits ??= ImageLimits.Default;
        return DecodeAsync(PictureBytes.ReadAsync(path, limits, cancellationToken), file => reader.Read(file, limits, cancellationToken), cancellationToken);
    }

    /// <summary>Loads a mask: reads it asynchronously only and decodes it on a thread of the pool.</summary>
    /// <param name="stream">A PNG, JPEG, WebP, GIF or BMP picture; it is read to its end and left open.</param>
    /// <param name="width">Width of the picture in pixels, at least 1.</param>
    /// <param name="height">Height of the picture in pixels, at least 1.</param>
    /// <param name="threshold">From which share of white (or of what <paramref name="channel"/> says) a pixel is repainted, in (0, 1].</param>
    /// <param name="channel">What says where to repaint.</param>
    /// <param name="limits">How large it may be; <see cref="ImageLimits.Default"/> when null.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns><c>[1, 1, H, W]</c>: 1 where to repaint, 0 where to keep.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <inheritdoc cref="LoadMask(Stream, int, int, float, MaskChannel, ImageLimits?)"/>
    public static Task<Tensor<float>> LoadMaskAsync(Stream stream, int width, int height, float threshold = 0.5f, MaskChannel channel = MaskChannel.Brightness, ImageLimits? limits = null, CancellationToken cancellationToken = default)
    {
        MaskReader reader = new(width, height, threshold, channel);
        limits ??= ImageLimits.Default;
        return DecodeAsync(PictureBytes.ReadAsync(stream, limits, cancellationToken), file => reader.Read(file, limits, cancellationToken), cancellationToken);
    }

    private static async Task<Tensor<float>> DecodeAsync(Task<PictureFile> reading, Func<PictureFile, Tensor<float>> decode, CancellationToken cancellationToken)
    {
        PictureFile file = await reading.ConfigureAwait(false);
        return await Task.Run(() => decode(file), cancellationToken).ConfigureAwait(false);
    }
}
