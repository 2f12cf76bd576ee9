using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace DiffusionSharp.ImageSharp.Files;

/// <summary>How a stored picture is turned (CIPA DC-008, tag 274): 1 is upright, 2 to 8 name the sides where its first row and column belong.</summary>
internal static class Orientation
{
    /// <summary>What EXIF says, or else XMP, as in PIL.</summary>
    public static int Of(PictureHeader header) => new ExifData(header.Exif.Span).Orientation ?? XmpData.Read(header.Xmp).Orientation ?? 1;

    /// <summary>The size of a picture of a stored size when it is upright: from 5 on, rows become columns.</summary>
    public static Size Upright(Size stored, int orientation) => orientation < 5 ? stored : new Size(stored.Height, stored.Width);

    /// <summary>Turns a picture upright.</summary>
    public static void Turn(this Image<Rgba32> image, int orientation)
    {
        (RotateMode rotate, FlipMode flip) = orientation switch
        {
            2 => (RotateMode.None, FlipMode.Horizontal),
            3 => (RotateMode.Rotate180, FlipMode.None),
            4 => (RotateMode.None, FlipMode.Vertical),
            5 => (RotateMode.Rotate90, FlipMode.Horizontal),
            6 => (RotateMode.Rotate90, FlipMode.None),
            7 => (RotateMode.Rotate270, FlipMode.Horizontal),
            8 => (RotateMode.Rotate270, FlipMode.None),
            _ => (RotateMode.None, FlipMode.None),
        };
        if ((rotate, flip) != (RotateMode.None, FlipMode.None))
        {
            image.Mutate(picture => picture.RotateFlip(rotate, flip));
        }
    }
}
