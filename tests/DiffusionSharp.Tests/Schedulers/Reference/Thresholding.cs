using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Tests.Schedulers.Reference;

/// <summary>A way of clipping x_0, as numbers that a reference can follow.</summary>
internal abstract record Thresholding
{
    /// <summary>The library's object for it.</summary>
    public abstract SampleClipping Clipping { get; }

    /// <summary>x_0 of one image, clipped.</summary>
    public abstract Approximate[] Apply(Approximate[] image);

    public sealed record None : Thresholding
    {
        public override SampleClipping Clipping => SampleClipping.None;

        public override string ToString() => "none";

        public override Approximate[] Apply(Approximate[] image) => image;
    }

    /// <summary>Section 3.2 of arXiv:2006.11239: data, and so x_0, lies in a range.</summary>
    public sealed record Static(float Range) : Thresholding
    {
        public override SampleClipping Clipping => SampleClipping.Clamp(Range);

        public override string ToString() => $"within {Range}";

        public override Approximate[] Apply(Approximate[] image) => Array.ConvertAll(image, x => Approximate.Clamp(x, Range));
    }

    /// <summary>Section 2.3 of arXiv:2205.11487.</summary>
    public sealed record Dynamic(float Ratio, float Maximum) : Thresholding
    {
        public override SampleClipping Clipping => SampleClipping.DynamicThreshold(Ratio, Maximum);

        public override string ToString() => $"quantile {Ratio}, at most {Maximum}";

        public override Approximate[] Apply(Approximate[] image)
        {
            Approximate s = Approximate.Min(Approximate.Max(Quantile(image), 1), Maximum);
            return Array.ConvertAll(image, x => Approximate.Clamp(x, s) / s);
        }

        // Order statistics move no further than the value that moves most; the rank itself is a rounded number.
        private Approximate Quantile(Approximate[] image)
        {
            double[] sorted = [.. image.Select(x => Math.Abs(x.Value)).Order()];
            double rank = (double)Ratio * (sorted.Length - 1);
            int below = (int)Math.Floor(rank);
            double value = sorted[below] + ((rank - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]));
            double neighbours = sorted[Math.Min(below + 2, sorted.Length - 1)] - sorted[Math.Max(below - 1, 0)];
            return new Approximate(value, image.Max(x => x.Error) + (Approximate.Roundoff * (rank + 1) * neighbours));
        }
    }
}
