using System.Numerics.Tensors;

namespace DiffusionSharp.Latents;

/// <summary>
/// Brings pictures of another decoder to the size of the request: resized to cover it, bilinearly, and cut off alike on both sides. For spaces whose samples have a size of
/// their own (<see cref="AspectRatioSpace"/>).
/// </summary>
/// <param name="decoder">The decoder, which is disposed with this one.</param>
public sealed class CroppingDecoder(ILatentDecoder decoder) : ILatentDecoder, IDisposable
{
    /// <inheritdoc/>
    public LatentSpace LatentSpace => decoder.LatentSpace;

    /// <inheritdoc/>
    public Tensor<float> Decode(Tensor<float> latents, DecodingContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        Tensor<float> pictures = decoder.Decode(latents, context, cancellationToken);
        return context.Request is { Height: { } height, Width: { } width } && (pictures.Lengths[2] != height || pictures.Lengths[3] != width) ? Fit(pictures, height, width) : pictures;
    }

    /// <summary>Releases the decoder.</summary>
    public void Dispose() => (decoder as IDisposable)?.Dispose();

    private static Tensor<float> Fit(Tensor<float> pictures, int height, int width)
    {
        double ratio = Math.Max((double)height / pictures.Lengths[2], (double)width / pictures.Lengths[3]);
        (int high, int wide) = (Math.Max(height, (int)(pictures.Lengths[2] * ratio)), Math.Max(width, (int)(pictures.Lengths[3] * ratio)));
        ReadOnlySpan<float> covering = pictures.Resize(high, wide).Values();
        (int top, int left) = ((high - height) / 2, (wide - width) / 2);
        var middle = new float[covering.Length / (high * wide) * height * width];
        for (int line = 0; line < middle.Length / width; line++)
        {
            (int plane, int y) = Math.DivRem(line, height);
            covering.Slice((((plane * high) + top + y) * wide) + left, width).CopyTo(middle.AsSpan(line * width));
        }

        return Tensor.Create(middle, [pictures.Lengths[0], pictures.Lengths[1], height, width]);
    }
}
