using System.Numerics.Tensors;

namespace DiffusionSharp.Tests;

/// <summary>Numbers beside those that are expected.</summary>
internal static class Numbers
{
    public static float[] Of(Tensor<float> tensor)
    {
        var values = new float[tensor.FlattenedLength];
        tensor.FlattenTo(values);
        return values;
    }

    /// <summary>By how much two numbers in the same place differ at the most; infinity where one that was found is none.</summary>
    public static double LargestDifference(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        return expected.Zip(found, (a, b) => double.IsNaN(b) ? double.PositiveInfinity : Math.Abs((double)a - b)).Max();
    }

    /// <summary>The same, over the standard deviation of those that are expected.</summary>
    public static double RelativeDifference(float[] expected, float[] found) => LargestDifference(expected, found) / StandardDeviation(expected);

    private static double StandardDeviation(float[] values)
    {
        double mean = values.Average(value => (double)value);
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
