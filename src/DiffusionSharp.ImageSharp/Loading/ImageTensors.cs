using System.Numerics.Tensors;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace DiffusionSharp.ImageSharp;

/// <summary>Loads pictures and masks as tensors, for image-to-image and inpainting.</summary>
public static class ImageTensors
{
    /// <summary>Loads a picture; transparent parts become white.</summary>
    /// <param name="path">A file in any format that ImageSharp reads.</param>
    /// <param name="fit">The size to give it.</param>
    /// <returns><c>[1, 3, H, W]</c> in [-1, 1].</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    /// <exception cref="InvalidDataException">The file is empty, damaged or not a picture; the message names it.</exception>
    public static Tensor<float> Load(string path, ImageFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        using Image<Rgba32> image = ImageReading.Load(path);
        return Load(image, fit);
    }

    /// <summary>Loads a picture; transparent parts become white.</summary>
    /// <param name="stream">A picture in any format that ImageSharp reads; it is left open.</param>
    /// <param name="fit">The size to give it.</param>
    /// <returns><c>[1, 3, H, W]</c> in [-1, 1].</returns>
    /// <exception cref="InvalidDataException">The stream is empty, damaged or not a picture.</exception>
    public static Tensor<float> Load(Stream stream, ImageFit fit)
    {
        ArgumentNullException.ThrowIfNull(fit);
        using Image<Rgba32> image = ImageReading.Load(stream);
        return Load(image, fit);
    }

    /// <summary>Loads a mask; it is scaled and cut as <see cref="ImageFit.Exactly"/> does with the picture, so that both stay aligned.</summary>
    /// <param name="path">A file in any format that ImageSharp reads.</param>
    /// <param name="width">Width of the picture in pixels, at least 1.</param>
    /// <param name="height">Height of the picture in pixels, at least 1.</param>
    /// <param name="threshold">From which share of white (or of what <paramref name="channel"/> says) a pixel is repainted, in (0, 1].</param>
    /// <param name="channel">What says where to repaint.</param>
    /// <returns><c>[1, 1, H, W]</c>: 1 where to repaint, 0 where to keep.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side, the threshold or the channel is out of range.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read, or is a folder.</exception>
    /// <exception cref="InvalidDataException">The file is empty, damaged or not a picture; the message names it.</exception>
    public static Tensor<float> LoadMask(string path, int width, int height, float threshold = 0.5f, MaskChannel channel = MaskChannel.Brightness)
    {
        MaskReader reader = new(width, height, threshold, channel);
        using Image<Rgba32> image = ImageReading.Load(path);
        return reader.Read(image);
    }

    /// <summary>Loads a mask; it is scaled and cut as <see cref="ImageFit.Exactly"/> does with the picture, so that both stay aligned.</summary>
    /// <param name="stream">A picture in any format that ImageSharp reads; it is left open.</param>
    /// <param name="width">Width of the picture in pixels, at least 1.</param>
    /// <param name="height">Height of the picture in pixels, at least 1.</param>
    /// <param name="threshold">From which share of white (or of what <paramref name="channel"/> says) a pixel is repainted, in (0, 1].</param>
    /// <param name="channel">What says where to repaint.</param>
    /// <returns><c>[1, 1, H, W]</c>: 1 where to repaint, 0 where to keep.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side, the threshold or the channel is out of range.</exception>
    /// <exception cref="InvalidDataException">The stream is empty, damaged or not a picture.</exception>
    public static Tensor<float> LoadMask(Stream stream, int width, int height, float threshold = 0.5f, MaskChannel channel = MaskChannel.Brightness)
    {
        MaskReader reader = new(width, height, threshold, channel);
        using Image<Rgba32> image = ImageReading.Load(stream);
        return reader.Read(image);
    }

    private static Tensor<float> Load(Image<Rgba32> image, ImageFit fit)
    {
        // Before scaling, or the color of transparent pixels would bleed into their neighbours.
        image.Mutate(picture => picture.BackgroundColor(Color.White));
        image.FitTo(fit.Target(image.Size()), KnownResamplers.Lanczos3);
        using Image<Rgb24> opaque = image.CloneAs<Rgb24>();
        return opaque.ToTensor();
    }
}
