namespace DiffusionSharp.Schedulers;

/// <summary>What is done to the predicted clean sample x_0 before a step uses it.</summary>
public abstract record SampleClipping
{
    private SampleClipping()
    {
    }

    /// <summary>Nothing: for latents, which have no fixed range.</summary>
    public static SampleClipping None { get; } = new NoClipping();

    /// <summary>Clamps to [-range, range] (Ho et al. 2020, arXiv:2006.11239, section 3.2 uses 1).</summary>
    /// <param name="range">A positive number; 1 for pixels.</param>
    /// <returns>The clipping.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="range"/> is not a positive number.</exception>
    public static SampleClipping Clamp(float range = 1) => new RangeClipping(range);

    /// <summary>
    /// Dynamic thresholding (Saharia et al. 2022, arXiv:2205.11487, section 2.3): s is the quantile of |x_0| within one image, at least 1
    /// and at most <paramref name="maximum"/>; x_0 is clamped to [-s, s] and divided by s. For pixels only.
    /// </summary>
    /// <param name="ratio">Which quantile, in [0, 1]; linear interpolation between values.</param>
    /// <param name="maximum">Upper bound of s, positive; where it is below 1 it wins over the lower bound.</param>
    /// <returns>The clipping.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static SampleClipping DynamicThreshold(float ratio = 0.995f, float maximum = 1) => new DynamicThresholding(ratio, maximum);

    private static float Positive(float value, string name) => value > 0 && !float.IsInfinity(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "Must be a positive number.");

    internal sealed record NoClipping : SampleClipping;

    internal sealed record RangeClipping(float Range) : SampleClipping
    {
        public float Range { get; init; } = Positive(Range, "range");
    }

    internal sealed record DynamicThresholding(float Ratio, float Maximum) : SampleClipping
    {
        public float Ratio { get; init; } = Ratio is >= 0 and <= 1
            ? Ratio
            : throw new ArgumentOutOfRangeException("ratio", Ratio, "The quantile must be in [0, 1].");

        public float Maximum { get; init; } = Positive(Maximum, "maximum");
    }
}
