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

        (int channels, int height, int width) = ((int)shape[^3], (int)shape[^2], (int)shape[^1]);
        int plane = checked(height * width);
        int start = checked(index * channels * plane);
        int step = channels == 3 ? plane : 0;
        var image = new Image<Rgb24>(width, height);
        image.ProcessPixelRows(rows =>
        {
            ReadOnlySpan<float> values = pixels.Values()[start..];
            for (int y = 0; y < rows.Height; y++)
            {
                ReadOnlySpan<float> red = values[(y * width)..];
                PixelRow.Pack(red, red[step..], red[(2 * step)..], rows.GetRowSpan(y));
            }
        });
        return image;
    }

    /// <summary>
    /// The tensor of a picture, <c>2 * (byte / 255) - 1</c> as in diffusers. <see cref="ToImage"/> of it is the picture again, byte for byte.
    /// </summary>
    /// <param name="image">The picture.</param>
    /// <returns><c>[1, 3, H, W]</c> in [-1, 1].</returns>
    /// <exception cref="ArgumentNullException"><paramref name="image"/> is null.</exception>
    /// <exception cref="ObjectDisposedException"><paramref name="image"/> is disposed.</exception>
    public static Tensor<float> ToTensor(this Image<Rgb24> image)
    {
        ArgumentNullException.ThrowIfNull(image);
        (int width, int height) = (image.Width, image.Height);
        int plane = checked(height * width);
        var values = new float[checked(3 * plane)];
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
            {
                Span<float> red = values.AsSpan(y * width);
                PixelRow.Unpack(rows.GetRowSpan(y), red, red[plane..], red[(2 * plane)..]);
            }
        });
        return Tensor.Create(values, [1, 3, height, width]);
    }
}
