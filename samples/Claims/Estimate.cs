namespace DiffusionSharp.Samples.Claims;

/// <summary>A mean of measured values, and its standard error.</summary>
internal sealed class Estimate
{
    private readonly double[] _values;

    public Estimate(params double[] values)
    {
        _values = values;
        Mean = values.Average();
        double variance = values.Sum(value => (value - Mean) * (value - Mean)) / Math.Max(values.Length - 1, 1);
        Error = Math.Sqrt(variance / values.Length);
    }

    public double Mean { get; }

    public double Error { get; }

    /// <summary>The same values, each multiplied.</summary>
    public Estimate Times(double factor) => new([.. _values.Select(value => factor * value)]);

    /// <summary>Compares means of values of the same seeds, pair by pair.</summary>
    /// <returns>1 where this mean is larger by more than twice the standard error of the mean difference, -1 where it is smaller by that, 0 where the two are not told apart.</returns>
    public int Against(Estimate other)
    {
        var difference = new Estimate([.. _values.Zip(other._values, (first, second) => first - second)]);
        return Math.Abs(difference.Mean) > 2 * difference.Error ? Math.Sign(difference.Mean) : 0;
    }
}
