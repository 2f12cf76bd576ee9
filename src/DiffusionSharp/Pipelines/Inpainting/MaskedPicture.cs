using System.Numerics.Tensors;

namespace DiffusionSharp;

/// <summary>The picture of a request without what is drawn anew.</summary>
internal static class MaskedPicture
{
    /// <summary>The picture, gray (0) where its mask draws; all gray where there is no picture with a mask.</summary>
    /// <returns><c>[1 or B, 3, H, W]</c>.</returns>
    public static Tensor<float> KeptPart(GenerationRequest request)
    {
        if (request is not { InitialImage: { } image, Mask: { } mask })
        {
            return Tensor.CreateFromShape<float>([1, 3, request.Height!.Value, request.Width!.Value]);
        }

        nint rows = nint.Max(image.Lengths[0], mask.Lengths[0]);
        int channels = (int)image.Lengths[1];
        int plane = (int)(image.Lengths[2] * image.Lengths[3]);
        ReadOnlySpan<float> pixels = image.Values();
        ReadOnlySpan<float> drawn = mask.Values();
        var kept = new float[rows * channels * plane];
        for (int i = 0; i < kept.Length; i++)
        {
            int picture = i / (channels * plane);
            bool isDrawn = LatentMask.IsDrawn(drawn[((picture * plane) + (i % plane)) % drawn.Length]);
            kept[i] = isDrawn ? 0 : pixels[i % pixels.Length];
        }

        return Tensor.Create(kept, [rows, channels, image.Lengths[2], image.Lengths[3]]);
    }
}
