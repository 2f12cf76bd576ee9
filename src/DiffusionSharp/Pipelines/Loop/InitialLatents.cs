using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.Latents;

namespace DiffusionSharp;

/// <summary>The latents that pictures of a request are encoded to.</summary>
internal static class InitialLatents
{
    /// <summary>A latent for each picture of a generation, <c>[B, C, h, w]</c>, drawn with the noise of each, or once with that of the first.</summary>
    public static float[] Encode(ConditionContext context, Tensor<float> pictures)
    {
        ILatentEncoder encoder = context.LatentEncoder ?? throw Missing();
        (int batch, int length) = (context.Shape.Batch, context.Shape.ImageLength);
        var latents = new float[context.Shape.Length];
        for (int i = 0; i < batch; i++)
        {
            Span<float> destination = latents.AsSpan(i * length, length);
            bool isOwn = pictures.Lengths[0] > 1;
            if (i > 0 && !isOwn && context.Request.EncodesPictureOnce)
            {
                latents.AsSpan(0, length).CopyTo(destination);
                continue;
            }

            Tensor<float> picture = isOwn ? pictures.Rows(i, 1) : pictures;
            Tensor<float> latent = encoder.Encode(picture, context.Noise.Pictures[context.Request.EncodesPictureOnce ? 0 : i], context.CancellationToken);
            Values(Finite.Require(latent, Finite.LatentEncoder), context).CopyTo(destination);
        }

        return latents;
    }

    public static InvalidOperationException Missing() =>
        new($"This pipeline has no latent encoder, so it cannot start from a picture: add one with {nameof(DiffusionPipelineBuilder.UseLatentEncoder)}.");

    private static ReadOnlySpan<float> Values(Tensor<float> latent, ConditionContext context) => latent.FlattenedLength == context.Shape.ImageLength
        ? latent.Values()
        : throw new InvalidOperationException($"The latent encoder returned the shape {latent.ShapeText()} for this picture, but its latent space says {context.Shape.WithBatch(1)}.");
}
