using System.Numerics.Tensors;

namespace DiffusionSharp.Schedulers;

/// <summary>Applies a <see cref="SampleClipping"/> to predicted clean samples, in place.</summary>
internal static class ClippingKernel
{
    /// <summary>Clips the predicted x_0 of one image.</summary>
    /// <param name="clipping">What to do.</param>
    /// <param name="image">x_0 of one image, replaced.</param>
    /// <param name="scratch">As many values as the image; used by dynamic thresholding only.</param>
    public static void Apply(SampleClipping clipping, Span<float> image, Span<float> scratch)
    {
        switch (clipping)
        {
            case SampleClipping.RangeClipping(float range):
                TensorPrimitives.Clamp(image, -range, range, image);
                break;
            case SampleClipping.DynamicThresholding(float ratio, float maximum):
                TensorPrimitives.Abs(image, scratch[..image.Length]);
                float threshold = Math.Min(Math.Max(Quantile(scratch[..image.Length], ratio), 1), maximum);
                TensorPrimitives.Clamp(image, -threshold, threshold, image);
                TensorPrimitives.Divide(image, threshold, image);
                break;
        }
    }

    // Linear interpolation between order statistics, with the rank in float32 as PyTorch computes it. Sorts the values.
    private static float Quantile(Span<float> values, float ratio)
    {
        values.Sort();
        float rank = ratio * (values.Length - 1);
        int below = (int)MathF.Floor(rank);
        int above = Math.Min(below + 1, values.Length - 1);
        return values[below] + ((rank - below) * (values[above] - values[below]));
    }
}
