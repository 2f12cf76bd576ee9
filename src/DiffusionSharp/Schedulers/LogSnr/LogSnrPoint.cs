namespace DiffusionSharp.Schedulers;

/// <summary>A point of a generation, <c>x = α·x_0 + σ·ε</c>, and λ = log(α/σ), half its log signal-to-noise ratio.</summary>
/// <param name="Alpha">α, the signal's scale.</param>
/// <param name="Sigma">σ, the noise's scale; 0 at the very end, where λ is infinite.</param>
internal readonly record struct LogSnrPoint(double Alpha, double Sigma)
{
    /// <summary>λ = log(α/σ).</summary>
    public double Lambda { get; } = Math.Log(Alpha) - Math.Log(Sigma);

    /// <summary>σ/α, the noise level of the variance-exploding process.</summary>
    public double Ratio => Sigma / Alpha;

    /// <summary>Variance-preserving, α² + σ² = 1, from the ratio σ/α that noise schedules are given in.</summary>
    public static LogSnrPoint VariancePreserving(double ratio)
    {
        double alpha = 1 / Math.Sqrt((ratio * ratio) + 1);
        return new LogSnrPoint(alpha, ratio * alpha);
    }

    /// <summary>Flow matching, α + σ = 1.</summary>
    public static LogSnrPoint Flow(double sigma) => new(1 - sigma, sigma);

    /// <summary>Variance-exploding, α = 1.</summary>
    public static LogSnrPoint VarianceExploding(double sigma) => new(1, sigma);
}
