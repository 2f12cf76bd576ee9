namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="FlowMatchHeunScheduler"/>. Symbols of churn are those of arXiv:2206.00364.</summary>
public sealed record FlowMatchHeunOptions : FlowOptions
{
    /// <summary>S_churn, how much noise is added over the whole generation, at least 0 (algorithm 2); 0 is deterministic.</summary>
    public double Churn { get; init; }

    /// <summary>S_tmin, the smallest σ at which churn acts.</summary>
    public double ChurnMinimum { get; init; }

    /// <summary>S_tmax, the largest σ at which churn acts.</summary>
    public double ChurnMaximum { get; init; } = double.PositiveInfinity;

    /// <summary>S_noise, the standard deviation of churned noise.</summary>
    public double ChurnNoise { get; init; } = 1;
}
