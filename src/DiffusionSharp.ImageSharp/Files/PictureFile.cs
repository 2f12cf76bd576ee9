using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.ImageSharp.Files;

/// <summary>A picture's file in memory. Whatever is wrong with it is an <see cref="InvalidDataException"/> that names it.</summary>
/// <param name="name">What to call it in errors.</param>
/// <param name="format">Its format.</param>
/// <param name="bytes">All of its bytes.</param>
internal sealed class PictureFile(string name, PictureFormat format, ArraySegment<byte> bytes)
{
    /// <summary>The pixels as they are meant to be looked at, turned as the file says.</summary>
    /// <param name="limits">How large they may be, and what <paramref name="fit"/> makes of them.</param>
    /// <param name="fit">The size that they will get, where the file has a say in it.</param>
    /// <param name="cancellationToken">Stops decoding.</param>
    public Image<Rgba32> Decode(ImageLimits limits, ImageFit? fit, CancellationToken cancellationToken) => Guard(() =>
    {
        PictureHeader header = format.ReadHeader(bytes);
        int orientation = Orientation.Of(header);
        Size size = Orientation.Upright(new Size(header.Width, header.Height), orientation);
        RequireAllowed(size, limits);
        if (fit is not null)
        {
            RequireAllowed(fit.Target(size), limits);
        }

        Image<Rgba32> image = format.Decode(bytes, cancellationToken);
        image.Turn(orientation);
        return image;
    });

    /// <summary>The text that says how the picture was made; null without one.</summary>
    public string? FindParameters() => Guard(() => ParametersText.Find(format.ReadHeader(bytes)));

    private static void RequireAllowed(Size size, ImageLimits limits)
    {
        long pixels = (long)size.Width * size.Height;
        if (pixels < 1)
        {
            throw new InvalidDataException("it has no size.");
        }

        if (pixels > limits.MaxPixels)
        {
            throw new InvalidDataException($"{size.Width}x{size.Height} pixels are more than the {limits.MaxPixels} that are allowed: raise {nameof(ImageLimits)}.{nameof(ImageLimits.MaxPixels)} where it can be trusted.");
        }
    }

    // Crafted files make decoders fail in every way there is, so it is not asked which one it was.
    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            string reason = exception is InvalidDataException or ImageFormatException or NotSupportedException ? exception.Message : "it is damaged.";
            throw new InvalidDataException($"{name} cannot be read as a picture: {reason}", exception);
        }
    }
}
