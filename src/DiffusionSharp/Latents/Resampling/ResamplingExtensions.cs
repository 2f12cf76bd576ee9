using System.Numerics.Tensors;

namespace DiffusionSharp.Latents;

/// <summary>Latents and pictures at another size.</summary>
public static class ResamplingExtensions
{
    /// <summary>
    /// Resizes planes as PyTorch's <c>interpolate</c> does (<c>align_corners</c> and <c>antialias</c> false): for enlarging. Where a picture gets
    /// smaller, values between the ones that are looked at are left out.
    /// </summary>
    /// <param name="planes">Latents or pictures, <c>[B, C, H, W]</c>.</param>
    /// <param name="height">The new H, at least 1.</param>
    /// <param name="width">The new W, at least 1.</param>
    /// <param name="resampling">How values between come about.</param>
    /// <returns><c>[B, C, height, width]</c>.</returns>
    /// <exception cref="ArgumentException">The tensor has another rank, or is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1.</exception>
    public static Tensor<float> Resize(this Tensor<float> planes, int height, int width, Resampling resampling = Resampling.Bilinear)
    {
        ArgumentNullException.ThrowIfNull(planes);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (planes.Rank != 4 || planes.IsEmpty)
        {
            throw new ArgumentException($"Expected planes of shape [batch, channels, height, width], found {planes.ShapeText()}.", nameof(planes));
        }

        int oldWidth = (int)planes.Lengths[3];
        int lines = (int)(planes.Lengths[0] * planes.Lengths[1] * planes.Lengths[2]);
        float[] wide = Widen(planes.Values(), lines, oldWidth, new ResamplingAxis(oldWidth, width, resampling));
        int oldHeight = (int)planes.Lengths[2];
        float[] high = Heighten(wide, lines / oldHeight, oldHeight, width, new ResamplingAxis(oldHeight, height, resampling));
        return Tensor.Create(high, [planes.Lengths[0], planes.Lengths[1], height, width]);
    }

    private static float[] Widen(ReadOnlySpan<float> values, int lines, int oldWidth, ResamplingAxis axis)
    {
        var wide = new float[lines * axis.Length];
        for (int line = 0; line < lines; line++)
        {
            ReadOnlySpan<float> source = values.Slice(line * oldWidth, oldWidth);
            for (int x = 0; x < axis.Length; x++)
            {
                float sum = 0;
                for (int tap = 0; tap < axis.Taps; tap++)
                {
                    (int place, float weight) = axis.Tap(x, tap);
                    sum += weight * source[place];
                }

                wide[(line * axis.Length) + x] = sum;
            }
        }

        return wide;
    }

    private static float[] Heighten(float[] values, int planes, int oldHeight, int width, ResamplingAxis axis)
    {
        var high = new float[planes * axis.Length * width];
        for (int plane = 0; plane < planes; plane++)
        {
            for (int y = 0; y < axis.Length; y++)
            {
                Span<float> target = high.AsSpan(((plane * axis.Length) + y) * width, width);
                for (int tap = 0; tap < axis.Taps; tap++)
                {
                    (int place, float weight) = axis.Tap(y, tap);
                    TensorPrimitives.MultiplyAdd(values.AsSpan(((plane * oldHeight) + place) * width, width), weight, target, target);
                }
            }
        }

        return high;
    }
}
