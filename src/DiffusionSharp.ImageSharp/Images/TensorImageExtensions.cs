using System.Numerics.Tensors;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.ImageSharp;

/// <summary>Tensors as pictures and pictures as tensors.</summary>
public static class TensorImageExtensions
{
    /// <summary>
    /// A picture of a tensor, rounded as diffusers rounds: <c>round(clamp(v / 2 + 0.5, 0, 1) * 255)</c>, ties to even. Values outside of
    /// [-1, 1] are clamped; NaN becomes 0.
    /// </summary>
    /// <param name="pixels"><c>[B, C, H, W]</c> or <c>[C, H, W]</c> in [-1, 1], where C is 3 for RGB or 1 for gray.</param>
    /// <param name="index">Which of the B pictures.</param>
    /// <returns>The picture; dispose it.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="pixels"/> is null.</exception>
    /// <exception cref="ArgumentException">The tensor has another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not in [0, B - 1].</exception>
    public static Image<Rgb24> ToImage(this Tensor<float> pixels, int index = 0)
    {
        Size size = RequirePicture(pixels, index);
        var image = new Image<Rgb24>(size.Width, size.Height);
        Pack(pixels, index, image);
        return image;
    }

    /// <summary>Draws a tensor over a picture that is there already, as <see cref="ToImage(Tensor{float}, int)"/> draws a new one. Allocates nothing that grows with the picture.</summary>
    /// <param name="pixels"><c>[B, C, H, W]</c> or <c>[C, H, W]</c> in [-1, 1], where C is 3 for RGB or 1 for gray.</param>
    /// <param name="image">The picture to overwrite, W wide and H high.</param>
    /// <param name="index">Which of the B pictures.</param>
    /// <exception cref="ArgumentNullException"><paramref name="pixels"/> or <paramref name="image"/> is null.</exception>
    /// <exception cref="ArgumentException">The tensor has another shape, or the picture another size.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not in [0, B - 1].</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="image"/> is disposed.</exception>
    public static void WriteTo(this Tensor<float> pixels, Image<Rgb24> image, int index = 0)
    {
        ArgumentNullException.ThrowIfNull(image);
        Size size = RequirePicture(pixels, index);
        if (image.Size() != size)
        {
            throw new ArgumentException($"The picture is {image.Width}x{image.Height}, but the tensor of shape {pixels.ShapeText()} needs one of {size.Width}x{size.Height}.", nameof(image));
        }

        Pack(pixels, index, image);
    }

    /// <summary>
    /// The tensor of a picture, <c>2 * (byte / 255) - 1</c> as in diffusers. <see cref="ToImage(Tensor{float}, int)"/> of it is the picture
    /// again, byte for byte. A photo that was loaded by other means than <see cref="ImageTensors"/> may have to be turned upright before
    /// (<c>Mutate(photo =&gt; photo.AutoOrient())</c>).
    /// </summary>
    /// <param name="image">The picture.</param>
    /// <returns><c>[1, 3, H, W]</c> in [-1, 1].</returns>
    /// <exception cref="ArgumentNullException"><paramref name="image"/> is null.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="image"/> is disposed.</exception>
    public static Tensor<float> ToTensor(this Image<Rgb24> image)
    {
        ArgumentNullException.ThrowIfNull(image);
        float[] values = GC.AllocateUninitializedArray<float>(LengthOf(image));
        Unpack(image, values);
        return Tensor.Create(values, [1, 3, image.Height, image.Width]);
    }

    /// <summary>Writes a picture where the caller wants it, as <see cref="ToTensor"/> does into a new tensor. Allocates nothing that grows with the picture.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="pixels"><c>[3, H, W]</c> values, for example one picture of a batch; they will be in [-1, 1].</param>
    /// <exception cref="ArgumentNullException"><paramref name="image"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="pixels"/> has another length than 3·H·W.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="image"/> is disposed.</exception>
    public static void WriteTo(this Image<Rgb24> image, Memory<float> pixels)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (pixels.Length != LengthOf(image))
        {
            throw new ArgumentException($"A picture of {image.Width}x{image.Height} has {LengthOf(image)} values, not {pixels.Length}.", nameof(pixels));
        }

        Unpack(image, pixels);
    }

    private static Size RequirePicture(Tensor<float> pixels, int index)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ReadOnlySpan<nint> shape = pixels.Lengths;
        nint count = shape.Length == 4 ? shape[0] : 1;
        if (shape.Length is not (3 or 4) || shape[^3] is not (1 or 3) || pixels.FlattenedLength == 0)
        {
            throw new ArgumentException($"A tensor of shape {pixels.ShapeText()} is not a picture: the shape must be [B, C, H, W] or [C, H, W], with 3 channels for RGB or 1 for gray.", nameof(pixels));
        }

        if (index < 0 || index >= count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"The index must be in [0, {count - 1}], because the tensor of shape {pixels.ShapeText()} holds {count} pictures.");
        }

        return new Size((int)shape[^1], (int)shape[^2]);
    }

    private static int LengthOf(Image<Rgb24> image) => checked(3 * image.Width * image.Height);

    private static void Pack(Tensor<float> pixels, int index, Image<Rgb24> image)
    {
        int channels = (int)pixels.Lengths[^3];
        int plane = checked(image.Height * image.Width);
        int start = checked(index * channels * plane);
        int step = channels == 3 ? plane : 0;
        image.ProcessPixelRows(rows =>
        {
            ReadOnlySpan<float> values = pixels.Values()[start..];
            for (int y = 0; y < rows.Height; y++)
            {
                ReadOnlySpan<float> red = values[(y * rows.Width)..];
                PixelRow.Pack(red, red[step..], red[(2 * step)..], rows.GetRowSpan(y));
            }
        });
    }

    private static void Unpack(Image<Rgb24> image, Memory<float> pixels) =>
        image.ProcessPixelRows(rows =>
        {
            int plane = rows.Height * rows.Width;
            for (int y = 0; y < rows.Height; y++)
            {
                Span<float> red = pixels.Span[(y * rows.Width)..];
                PixelRow.Unpack(rows.GetRowSpan(y), red, red[plane..], red[(2 * plane)..]);
            }
        });
}
