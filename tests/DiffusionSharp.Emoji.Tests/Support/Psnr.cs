using System.Numerics.Tensors;

namespace DiffusionSharp.Emoji.Tests.Support;

internal static class Psnr
{
    /// <summary>Peak signal-to-noise ratio in decibels of two pictures in [-1, 1].</summary>
    public static double Between(Tensor<float> first, Tensor<float> second)
    {
        ReadOnlySpan<float> a = first.Values();
        ReadOnlySpan<float> b = second.Values();
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = Math.Clamp(a[i], -1, 1) - Math.Clamp(b[i], -1, 1);
            sum += difference * difference;
        }

        return 10 * Math.Log10(4 * a.Length / sum);
    }
}
