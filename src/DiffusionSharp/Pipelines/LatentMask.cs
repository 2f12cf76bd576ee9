using System.Numerics.Tensors;
using DiffusionSharp.Prediction;

namespace DiffusionSharp;

/// <summary>A mask of a picture in the size of its latents.</summary>
internal static class LatentMask
{
    /// <summary>0 or 1 by the first pixel of each block, which is what nearest interpolation takes.</summary>
    /// <param name="mask">The mask, <c>[1, 1, H, W]</c> in [0, 1].</param>
    /// <param name="shape">The shape of the latents, whose height and width divide those of the mask.</param>
    /// <returns>One value for each place of a latent channel.</returns>
    public static float[] Reduce(Tensor<float> mask, SampleShape shape)
    {
        ReadOnlySpan<float> pixels = mask.Values();
        int width = (int)mask.Lengths[3];
        int vertical = (int)mask.Lengths[2] / shape.Height;
        int horizontal = width / shape.Width;
        var reduced = new float[shape.Height * shape.Width];
        for (int i = 0; i < reduced.Length; i++)
        {
            (int row, int column) = Math.DivRem(i, shape.Width);
            reduced[i] = IsDrawn(pixels[(row * vertical * width) + (column * horizontal)]) ? 1 : 0;
        }

        return reduced;
    }

    /// <summary>Whether a mask's value says that its pixel is drawn anew.</summary>
    public static bool IsDrawn(float value) => value >= 0.5f;
}
