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

        ReadOnlySpan<float> known = image.Values();
        ReadOnlySpan<float> weights = mask.Values();
        float[] pasted = pictures.Values().ToArray();
        if (!pictures.Lengths[1..].SequenceEqual(image.Lengths[1..]))
        {
            throw new InvalidOperationException($"The latent decoder returned the shape {pictures.ShapeText()}, into which a picture of shape {image.ShapeText()} cannot be pasted.");
        }

        for (int i = 0; i < pasted.Length; i += weights.Length)
        {
            Span<float> channel = pasted.AsSpan(i, weights.Length);
            TensorPrimitives.Lerp(known.Slice(i % known.Length, weights.Length), channel, weights, channel);
        }

        return Tensor.Create(pasted, pictures.Lengths);
    }
}
