namespace SixLabors.ImageSharp.Processing.Processors.Transforms;

/// <summary>The weights of the old pixels, from <paramref name="First"/> on, in one new pixel; their sum is 1.</summary>
internal readonly record struct ResizeKernel(int First, float[] Weights)
{
    /// <summary>A kernel for each of <paramref name="newLength"/> pixels along one axis.</summary>
    public static ResizeKernel[] Create(IResampler sampler, int oldLength, int newLength)
    {
        var kernels = new ResizeKernel[newLength];
        double ratio = oldLength / (double)newLength;
        for (int i = 0; i < newLength; i++)
        {
            kernels[i] = sampler is NearestNeighborResampler
                ? new ResizeKernel((int)(i * ratio), [1])
                : Create(sampler, oldLength, ((i + .5) * ratio) - .5, Math.Max(1, ratio));
        }

        return kernels;
    }

    /// <summary>When an image shrinks, the sampler is stretched over all pixels that fall together.</summary>
    private static ResizeKernel Create(IResampler sampler, int oldLength, double center, double scale)
    {
        double radius = Math.Ceiling(sampler.Radius * scale);
        int first = Math.Max(0, (int)Math.Ceiling(center - radius));
        int last = Math.Min(oldLength - 1, (int)Math.Floor(center + radius));
        float[] weights = new float[last - first + 1];
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = sampler.GetValue((float)((first + i - center) / scale));
            sum += weights[i];
        }

        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (float)(weights[i] / sum);
        }

        return new ResizeKernel(first, weights);
    }
}
