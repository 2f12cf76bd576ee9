namespace DiffusionSharp.Schedulers;

/// <summary>Falling sequences of n noise levels from a largest to a smallest one.</summary>
internal static class SigmaSpacings
{
    private const double KarrasRho = 7;
    private const double BetaShape = 0.6;

    public static double[] Create(SigmaSpacing spacing, double minimum, double maximum, int count) => spacing switch
    {
        SigmaSpacing.Karras => Karras(minimum, maximum, count, KarrasRho),
        SigmaSpacing.Exponential => Exponential(minimum, maximum, count),
        SigmaSpacing.Beta => Beta(minimum, maximum, count),
        SigmaSpacing.KlOptimal => KlOptimal(minimum, maximum, count),
        SigmaSpacing.BongTangent => BongTangentSpacing.Create(minimum, maximum, count),
        SigmaSpacing.AlignYourSteps => AlignedSteps.Of15(count),
        SigmaSpacing.AlignYourStepsXl => AlignedSteps.OfXl(count),
        SigmaSpacing.Gits => GitsSigmas.Levels(count, GitsSigmas.DefaultCoefficient),
        SigmaSpacing.LogitNormal => LogitNormal(minimum, maximum, count),
        _ => throw new ArgumentOutOfRangeException(nameof(spacing), spacing, "This scheduler does not know the spacing."),
    };

    /// <summary>Evenly in σ^(1/ρ) (arXiv:2206.00364, eq. 5).</summary>
    public static double[] Karras(double minimum, double maximum, int count, double rho)
    {
        double low = Math.Pow(minimum, 1 / rho);
        double high = Math.Pow(maximum, 1 / rho);
        return Spread(count, u => Math.Pow(high + (u * (low - high)), rho));
    }

    /// <summary>Evenly in log σ.</summary>
    public static double[] Exponential(double minimum, double maximum, int count)
    {
        double low = Math.Log(minimum);
        double high = Math.Log(maximum);
        return Spread(count, u => Math.Exp(high + (u * (low - high))));
    }

    /// <summary>Evenly in log σ, from float32 logarithms.</summary>
    public static double[] Lu(double logMinimum, double logMaximum, int count) =>
        Spread(count, u => Math.Exp(logMaximum + (u * (logMinimum - logMaximum))));

    /// <summary>By the quantiles of Beta(0.6, 0.6).</summary>
    public static double[] Beta(double minimum, double maximum, int count) =>
        Spread(count, u => minimum + (BetaDistribution.Quantile(1 - u, BetaShape, BetaShape) * (maximum - minimum)));

    /// <summary>By the quantiles of the logistic function of a standard normal variable.</summary>
    public static double[] LogitNormal(double minimum, double maximum, int count) =>
        Spread(count, u => minimum + ((maximum - minimum) / (1 + Math.Exp(-NormalDistribution.Quantile(1 - u)))));

    /// <summary>Evenly in arctan σ.</summary>
    public static double[] KlOptimal(double minimum, double maximum, int count)
    {
        double low = Math.Atan(minimum);
        double high = Math.Atan(maximum);
        return Spread(count, u => Math.Tan(high + (u * (low - high))));
    }

    private static double[] Spread(int count, Func<double, double> value)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = value(count == 1 ? 0 : i / (double)(count - 1));
        }

        return values;
    }
}
