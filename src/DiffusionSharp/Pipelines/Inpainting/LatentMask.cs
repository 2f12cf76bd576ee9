using System.Numerics.Tensors;
using DiffusionSharp.Prediction;

namespace DiffusionSharp;

/// <summary>The masks of pictures in the size of their latents.</summary>
internal static class LatentMask
{
    /// <summary>0 or 1 by the first pixel of each block, which is what nearest interpolation takes.</summary>
    /// <param name="mask">The mask, <c>[1 or B, 1, H, W]</c> in [0, 1].</param>
    /// <param name="shape">The shape of the latents, whose height and width divide those of the mask.</param>
    /// <returns>One value for each place of a latent channel, <c>[B, 1, h, w]</c>.</returns>
    public static float[] Reduce(Tensor<float> mask, SampleShape shape)
    {
        ReadOnlySpan<float> pixels = mask.Values();
        int width = (int)mask.Lengths[3];
        int vertical = (int)mask.Lengths[2] / shape.Height;
        int horizontal = width / shape.Width;
        int plane = shape.Height * shape.Width;
        int stride = mask.Lengths[0] == 1 ? 0 : pixels.Length / shape.Batch;
        var reduced = new float[shape.Batch * plane];
        for (int i = 0; i < reduced.Length; i++)
        {
            (int picture, int place) = Math.DivRem(i, plane);
            (int row, int column) = Math.DivRem(place, shape.Width);
            reduced[i] = IsDrawn(pixels[(picture * stride) + (row * vertical * width) + (column * horizontal)]) ? 1 : 0;
        }

        return reduced;
    }

    /// <summary>Whether a mask's value says that its pixel is drawn anew.</summary>
    public static bool IsDrawn(float value) => value >= 0.5f;
}
