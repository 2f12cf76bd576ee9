using System.Runtime.CompilerServices;

namespace DiffusionSharp.Guidance;

/// <summary>Sums over the values of a picture, in float64 and in order, so that a picture's are the same wherever it lies in a batch.</summary>
internal static class PictureMath
{
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum;
    }

    /// <summary>|a - b|.</summary>
    public static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = (double)a[i] - b[i];
            sum += difference * difference;
        }

        return Math.Sqrt(sum);
    }

    /// <summary>The standard deviation of <c>a·x + b·y</c>, unbiased; y is empty where there is none.</summary>
    public static double Deviation(ReadOnlySpan<float> x, double a = 1, ReadOnlySpan<float> y = default, double b = 0)
    {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double value = (a * x[i]) + (y.IsEmpty ? 0 : b * y[i]);
            sum += value;
            squares += value * value;
        }

        return Math.Sqrt(Math.Max(0, squares - (sum * sum / x.Length)) / (x.Length - 1));
    }

    public static double RequireFinite(double value, double least = double.NegativeInfinity, double most = double.PositiveInfinity, [CallerMemberName] string? name = null) =>
        double.IsFinite(value) && value >= least && value <= most
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"Expected a number{(least, most) switch
            {
                (double.NegativeInfinity, double.PositiveInfinity) => "",
                (_, double.PositiveInfinity) => $" of at least {least}",
                _ => $" from {least} to {most}",
            }}.");
}
