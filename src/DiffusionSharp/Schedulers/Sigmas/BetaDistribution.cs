namespace DiffusionSharp.Schedulers;

/// <summary>The quantile function of the beta distribution.</summary>
internal static class BetaDistribution
{
    private const int MaximumTerms = 300;
    private const double Tiny = 1e-300;

    /// <summary>The x in [0, 1] below which the share <paramref name="probability"/> of Beta(a, b) lies.</summary>
    public static double Quantile(double probability, double a, double b)
    {
        if (probability <= 0)
        {
            return 0;
        }

        if (probability >= 1)
        {
            return 1;
        }

        // The distribution function rises strictly, so halving an interval finds the point to the last bit.
        double low = 0;
        double high = 1;
        while (true)
        {
            double middle = 0.5 * (low + high);
            if (middle <= low || middle >= high)
            {
                return middle;
            }

            if (Cumulative(middle, a, b) < probability)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }
    }

    /// <summary>The regularised incomplete beta function I_x(a, b).</summary>
    public static double Cumulative(double x, double a, double b)
    {
        if (x is <= 0 or >= 1)
        {
            return x <= 0 ? 0 : 1;
        }

        double front = Math.Exp(LogGamma(a + b) - LogGamma(a) - LogGamma(b) + (a * Math.Log(x)) + (b * Math.Log(1 - x)));

        // The fraction converges fast below the mean; above it the symmetric one is used.
        return x < (a + 1) / (a + b + 2)
            ? front * ContinuedFraction(x, a, b) / a
            : 1 - (front * ContinuedFraction(1 - x, b, a) / b);
    }

    // Lentz's method on the continued fraction DLMF 8.17.22.
    private static double ContinuedFraction(double x, double a, double b)
    {
        double c = 1;
        double d = Inverse(1 - ((a + b) * x / (a + 1)));
        double value = d;
        for (int m = 1; m < MaximumTerms; m++)
        {
            double even = m * (b - m) * x / ((a + (2 * m) - 1) * (a + (2 * m)));
            d = Inverse(1 + (even * d));
            c = NotZero(1 + (even / c));
            value *= d * c;

            double odd = -(a + m) * (a + b + m) * x / ((a + (2 * m)) * (a + (2 * m) + 1));
            d = Inverse(1 + (odd * d));
            c = NotZero(1 + (odd / c));
            double factor = d * c;
            value *= factor;
            if (Math.Abs(factor - 1) < 1e-16)
            {
                break;
            }
        }

        return value;
    }

    private static double Inverse(double value) => 1 / NotZero(value);

    private static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;

    // Stirling's series (DLMF 5.11.1) after shifting the argument to where it is exact in double.
    private static double LogGamma(double z)
    {
        double shift = 0;
        while (z < 15)
        {
            shift += Math.Log(z);
            z++;
        }

        double inverse = 1 / z;
        double square = inverse * inverse;
        double series = inverse * ((1 / 12.0) - (square * ((1 / 360.0) - (square * ((1 / 1260.0) - (square * (1 / 1680.0)))))));
        return ((z - 0.5) * Math.Log(z)) - z + (0.5 * Math.Log(2 * Math.PI)) + series - shift;
    }
}
