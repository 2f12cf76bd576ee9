using System.Numerics.Tensors;
using DiffusionSharp.ImageSharp;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace DiffusionSharp.Samples;

/// <summary>Masks of inpainting, <c>[1, 1, H, W]</c>: 1 is drawn anew, 0 is kept.</summary>
internal static class Mask
{
    private const float Near = 0.2f;

    /// <summary>All pixels that have almost the color of the top left corner, and those around them: the model draws the edge anew, too, so that it fits.</summary>
    /// <param name="picture"><c>[1, 3, H, W]</c> in [-1, 1].</param>
    /// <param name="edge">How many pixels around.</param>
    public static Tensor<float> OfBackground(Tensor<float> picture, int edge)
    {
        (int height, int width) = ((int)picture.Lengths[2], (int)picture.Lengths[3]);
        bool IsPlain(int y, int x) => Enumerable.Range(0, 3).All(channel => Math.Abs(picture[0, channel, y, x] - picture[0, channel, 0, 0]) < Near);

        Tensor<float> mask = Tensor.CreateFromShape<float>([1, 1, height, width]);
        for (int i = 0; i < height * width; i++)
        {
            (int y, int x) = Math.DivRem(i, width);
            for (int above = y - edge; IsPlain(y, x) && above <= y + edge; above++)
            {
                for (int left = x - edge; left <= x + edge; left++)
                {
                    mask[0, 0, Math.Clamp(above, 0, height - 1), Math.Clamp(left, 0, width - 1)] = 1;
                }
            }
        }

        return mask;
    }

    /// <summary>The mask as a picture, white where it is drawn anew.</summary>
    public static Image<Rgb24> ToImage(Tensor<float> mask)
    {
        ReadOnlySpan<float> values = mask.Values();
        float[] gray = [.. values, .. values, .. values];
        TensorPrimitives.Multiply(gray, 2, gray);
        TensorPrimitives.Subtract(gray, 1, gray);
        return Tensor.Create(gray, [1, 3, mask.Lengths[2], mask.Lengths[3]]).ToImage();
    }
}
