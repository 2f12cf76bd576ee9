using System.Numerics.Tensors;

namespace DiffusionSharp;

/// <summary>Puts the kept pixels of a picture, which the autoencoder has changed a little, back into the results.</summary>
internal static class KnownPixels
{
    /// <summary>The results with the known part pasted in, blended by the mask, where the request asks for it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="pictures">The decoded pictures <c>[B, 3, H, W]</c>.</param>
    public static Tensor<float> Paste(GenerationRequest request, Tensor<float> pictures)
    {
        if (request is not { PastesKnownPixels: true, Mask: { } mask, InitialImage: { } image })
        {
            return pictures;
        }

        if (!pictures.Lengths[1..].SequenceEqual(image.Lengths[1..]))
        {
            throw new InvalidOperationException($"The latent decoder returned the shape {pictures.ShapeText()}, into which a picture of shape {image.ShapeText()} cannot be pasted.");
        }

        int plane = (int)(image.Lengths[2] * image.Lengths[3]);
        int channels = (int)image.Lengths[1];
        ReadOnlySpan<float> known = image.Values();
        ReadOnlySpan<float> weights = mask.Values();
        float[] pasted = pictures.Values().ToArray();
        for (int i = 0; i < pasted.Length; i += plane)
        {
            Span<float> channel = pasted.AsSpan(i, plane);
            int picture = i / (channels * plane);
            TensorPrimitives.Lerp(known.Slice(i % known.Length, plane), channel, weights.Slice(picture * plane % weights.Length, plane), channel);
        }

        return Tensor.Create(pasted, pictures.Lengths);
    }
}
