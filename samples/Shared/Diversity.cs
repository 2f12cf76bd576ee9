using System.Numerics.Tensors;

namespace DiffusionSharp.Samples;

/// <summary>How far pictures of one request are apart.</summary>
internal static class Diversity
{
    /// <summary>The mean over all pairs of the root mean square difference of values, on the scale of 0 to 255; 0 for a single picture.</summary>
    public static double Of(IReadOnlyList<GeneratedImage> images)
    {
        double sum = 0;
        for (int i = 0; i < images.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                sum += 127.5 * TensorPrimitives.Distance(images[i].Pixels.Values(), images[j].Pixels.Values()) / Math.Sqrt(images[i].Pixels.FlattenedLength);
            }
        }

        return images.Count > 1 ? sum / (images.Count * (images.Count - 1) / 2.0) : 0;
    }
}
