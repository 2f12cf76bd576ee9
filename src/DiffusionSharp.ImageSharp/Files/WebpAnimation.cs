using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace DiffusionSharp.ImageSharp.Files;

/// <summary>Animated WebP, which ImageSharp does not decode: its first picture is one that it does.</summary>
internal static class WebpAnimation
{
    /// <summary>A decoder that shows the first picture of an animation on its canvas, transparent around it.</summary>
    public static Func<ArraySegment<byte>, CancellationToken, Image<Rgba32>> WithFirstFrame(Func<ArraySegment<byte>, CancellationToken, Image<Rgba32>> decode) => (file, cancellationToken) =>
    {
        if (WebpFile.FirstFrame(file) is not { } frame)
        {
            return decode(file, cancellationToken);
        }

        using Image<Rgba32> picture = decode(frame.File, cancellationToken);
        var canvas = new Image<Rgba32>(frame.Width, frame.Height);
        canvas.Mutate(drawing => drawing.DrawImage(picture, new Point(frame.X, frame.Y), opacity: 1));
        return canvas;
    };
}
