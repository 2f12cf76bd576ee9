namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="EdmEulerScheduler"/>. Symbols are those of arXiv:2206.00364.</summary>
public sealed record EdmEulerOptions : EdmOptions
{
    /// <summary>S_churn, how much noise is added and removed again over the whole generation, at least 0 (algorithm 2); 0 is deterministic.</summary>
    public double Churn { get; init; }

    /// <summary>S_tmin, the smallest σ at which churn acts.</summary>
    public double ChurnMinimum { get; init; }

    /// <summary>S_tmax, the largest σ at which churn acts.</summary>
    public double ChurnMaximum { get; init; } = double.PositiveInfinity;

    /// <summary>S_noise, the standard deviation of churned noise; a little above 1 makes up for lost detail.</summary>
    public double ChurnNoise { get; init; } = 1;
}
