using System.Numerics.Tensors;

namespace DiffusionSharp.Conditions;

/// <summary>
/// What an inpainting network takes behind the sample's channels: the mask, and the latents of the picture whose masked part is gray, nine
/// channels in all for Stable Diffusion (Rombach et al. 2022, arXiv:2112.10752, section 4.5; the order is that of Stable Diffusion's
/// inpainting models). Without a mask everything is drawn anew. Needs a latent encoder.
/// </summary>
/// <remarks>It draws after the initial noise, as diffusers does: each picture its own posterior, or the first one's where a request <see cref="GenerationRequest.EncodesPictureOnce"/>.</remarks>
public sealed class MaskedPictureConditions : IConditionEncoder
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Provides { get; } = [ConditionNames.Concatenated];

    /// <inheritdoc/>
    public bool ShowsKnownRegion => true;

    /// <inheritdoc/>
    public void Check(GenerationRequest request)
    {
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The pipeline has no latent encoder.</exception>
    public void Encode(ConditionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        int plane = context.Shape.Height * context.Shape.Width;
        int length = plane + context.Shape.ImageLength;
        var channels = new float[context.Shape.Batch * length];
        float[] latents = context.EncodePictures(MaskedPicture.KeptPart(context.Request));
        float[] mask = context.Request.Mask is { } given ? LatentMask.Reduce(given, context.Shape) : [.. Enumerable.Repeat(1f, context.Shape.Batch * plane)];
        for (int i = 0; i < context.Shape.Batch; i++)
        {
            Span<float> row = channels.AsSpan(i * length, length);
            mask.AsSpan(i * plane, plane).CopyTo(row);
            latents.AsSpan(i * context.Shape.ImageLength, context.Shape.ImageLength).CopyTo(row[plane..]);
        }

        context.AddToAll(new ConditionPart(
            ConditionNames.Concatenated,
            Tensor.Create(channels, [context.Shape.Batch, 1 + context.Shape.Channels, context.Shape.Height, context.Shape.Width]))
        { SpatialScale = 1 });
    }
}
