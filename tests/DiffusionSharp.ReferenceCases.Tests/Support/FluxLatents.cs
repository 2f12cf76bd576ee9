using System.Numerics.Tensors;

namespace DiffusionSharp.ReferenceCases.Tests;

/// <summary>Latents as Flux's genuine pipeline hands them out.</summary>
internal static class FluxLatents
{
    /// <summary>As tokens of 2 by 2 latents, <c>[B, h/2·w/2, 4·C]</c>.</summary>
    public static Tensor<float> Pack(Tensor<float> latents)
    {
        (int batch, int channels, int height, int width) = ((int)latents.Lengths[0], (int)latents.Lengths[1], (int)latents.Lengths[2], (int)latents.Lengths[3]);
        var packed = Tensor.CreateFromShape<float>([batch, height / 2 * (width / 2), 4 * channels]);
        for (int b = 0; b < batch; b++)
        {
            for (int c = 0; c < channels; c++)
            {
                for (int y = 0; y < height; y++)
                {
                    for (int x = 0; x < width; x++)
                    {
                        packed[b, (y / 2 * (width / 2)) + (x / 2), (4 * c) + (2 * (y % 2)) + (x % 2)] = latents[b, c, y, x];
                    }
                }
            }
        }

        return packed;
    }
}
