namespace DiffusionSharp.Schedulers;

/// <summary>
/// The exactly solved part of a step of size h = λ_t - λ_s, and the weights of m and its derivatives in it. With u = -h for data
/// prediction (arXiv:2211.01095, eq. 8), u = h for noise prediction (arXiv:2206.00927, eq. 3.4) and u = -2h for the SDE of data
/// prediction (arXiv:2211.01095, section 5.2) every weight is <c>-a·φ(u)</c>, where a is α_t or σ_t.
/// </summary>
internal readonly record struct ExponentialStep
{
    /// <summary>h = λ_t - λ_s; infinite where the step ends at σ = 0.</summary>
    public required double Size { get; init; }

    /// <summary>Weight of x_s.</summary>
    public required double FromSample { get; init; }

    /// <summary>Weight of m: <c>-a·(e^u - 1)</c>.</summary>
    public required double First { get; init; }

    /// <summary>Weight of unit noise; 0 for an ODE.</summary>
    public double NoiseScale { get; init; }

    /// <summary>Whether the step is one of an SDE.</summary>
    public bool IsStochastic { get; init; }

    /// <summary>a.</summary>
    public required double Scale { get; init; }

    /// <summary>u.</summary>
    public required double Exponent { get; init; }

    /// <summary>Weight of the slope of m over the step: <c>-a·((e^u - 1)/u - 1)</c>.</summary>
    public double Second => Exponent == 0 ? 0 : -Scale * ((Expm1(Exponent) / Exponent) - 1);

    // The SDE's has the other sign before 1/2 in the reference implementation, which is followed; no paper gives an SDE solver of order 3.
    /// <summary>Weight of the curvature of m over the step: <c>-a·((e^u - 1 - u)/u² - 1/2)</c>.</summary>
    public double Third => Exponent == 0 ? 0 : -Scale * (((Expm1(Exponent) - Exponent) / (Exponent * Exponent)) + (IsStochastic ? 0.5 : -0.5));

    /// <summary>The ODE, m being x_0.</summary>
    public static ExponentialStep OfData(LogSnrPoint from, LogSnrPoint to)
    {
        double h = to.Lambda - from.Lambda;
        return new() { Size = h, FromSample = to.Sigma / from.Sigma, First = -to.Alpha * Expm1(-h), Scale = to.Alpha, Exponent = -h };
    }

    /// <summary>The ODE, m being ε.</summary>
    public static ExponentialStep OfNoise(LogSnrPoint from, LogSnrPoint to)
    {
        double h = to.Lambda - from.Lambda;

        // σ_t·(e^h - 1) without e^h, which is infinite where σ_t is 0.
        double first = to.Sigma - (to.Alpha * from.Sigma / from.Alpha);
        return new() { Size = h, FromSample = to.Alpha / from.Alpha, First = first, Scale = to.Sigma, Exponent = h };
    }

    /// <summary>The SDE, m being x_0.</summary>
    public static ExponentialStep OfDataStochastic(LogSnrPoint from, LogSnrPoint to)
    {
        double h = to.Lambda - from.Lambda;

        // A last step to the smallest noise level may be a rounding error long, in either direction.
        double first = -Expm1(-2 * h);
        return new()
        {
            Size = h,
            FromSample = to.Sigma / from.Sigma * Math.Exp(-h),
            First = to.Alpha * first,
            NoiseScale = to.Sigma * Math.Sqrt(Math.Max(0, first)),
            IsStochastic = true,
            Scale = to.Alpha,
            Exponent = -2 * h,
        };
    }

    /// <summary>The SDE, m being ε; the step must not end at σ = 0.</summary>
    public static ExponentialStep OfNoiseStochastic(LogSnrPoint from, LogSnrPoint to)
    {
        ExponentialStep step = OfNoise(from, to);
        return step with { First = 2 * step.First, Scale = 2 * step.Scale, IsStochastic = true, NoiseScale = to.Sigma * Math.Sqrt(Math.Max(0, Expm1(2 * step.Size))) };
    }

    /// <summary>e^x - 1, without losing the digits of a small x (Kahan).</summary>
    public static double Expm1(double x)
    {
        double power = Math.Exp(x);
        double difference = power - 1;
        return power == 1 ? x : difference is -1 or double.PositiveInfinity ? difference : difference * (x / Math.Log(power));
    }
}
