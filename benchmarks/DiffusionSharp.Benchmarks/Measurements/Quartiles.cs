using System.Globalization;

namespace DiffusionSharp.Benchmarks.Measurements;

/// <summary>The median of measured values, and the quartiles around it.</summary>
internal readonly record struct Quartiles(double Median, double Lower, double Upper) : IFormattable
{
    public static Quartiles Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new Quartiles(sorted[sorted.Length / 2], sorted[sorted.Length / 4], sorted[sorted.Length * 3 / 4]);
    }

    public string ToString(string? format, IFormatProvider? provider) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Median.ToString(format, CultureInfo.InvariantCulture)} ({Lower.ToString(format, CultureInfo.InvariantCulture)} to {Upper.ToString(format, CultureInfo.InvariantCulture)})");
}
