using System.Numerics.Tensors;
using DiffusionSharp.Noise;

namespace DiffusionSharp;

/// <summary>
/// What an inpainting model takes behind the sample's channels: the mask, and the latents of the picture whose masked part is gray
/// (Rombach et al. 2022, arXiv:2112.10752, section 4.5; the order is that of Stable Diffusion's inpainting models).
/// </summary>
internal static class InpaintingChannels
{
    /// <summary>The channels of every picture of a request, <c>[B, 1 + C, h, w]</c>; without a mask everything is drawn anew.</summary>
    /// <param name="parts">Its encoder encodes the picture once for each noise source, which it may draw from.</param>
    /// <param name="request">The request.</param>
    /// <param name="sources">The noise of each picture.</param>
    /// <param name="cancellationToken">Stops inside the encoder.</param>
    public static Tensor<float> Create(PipelineParts parts, ResolvedRequest request, IReadOnlyList<INoiseSource> sources, CancellationToken cancellationToken)
    {
        int plane = request.Shape.Height * request.Shape.Width;
        float[] mask = request.Request.Mask is { } given ? LatentMask.Reduce(given, request.Shape) : [.. Enumerable.Repeat(1f, plane)];
        Tensor<float> kept = KeptPart(request.Request);
        int length = plane + request.Shape.ImageLength;
        var channels = new float[sources.Count * length];
        for (int i = 0; i < sources.Count; i++)
        {
            Span<float> row = channels.AsSpan(i * length, length);
            mask.CopyTo(row);
            parts.Encode(kept, request.Shape, sources[i], cancellationToken).CopyTo(row[plane..]);
        }

        return Tensor.Create(channels, [sources.Count, 1 + request.Shape.Channels, request.Shape.Height, request.Shape.Width]);
    }

    // What is drawn anew is 0, gray.
    private static Tensor<float> KeptPart(GenerationRequest request)
    {
        if (request is not { InitialImage: { } image, Mask: { } mask })
        {
            return Tensor.CreateFromShape<float>([1, 3, request.Height!.Value, request.Width!.Value]);
        }

        ReadOnlySpan<float> drawn = mask.Values();
        float[] kept = image.Values().ToArray();
        for (int i = 0; i < kept.Length; i++)
        {
            if (LatentMask.IsDrawn(drawn[i % drawn.Length]))
            {
                kept[i] = 0;
            }
        }

        return Tensor.Create(kept, image.Lengths);
    }
}
