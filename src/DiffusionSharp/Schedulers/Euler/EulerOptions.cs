namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="EulerScheduler"/>. Symbols are those of arXiv:2206.00364.</summary>
public sealed record EulerOptions : SigmaOptions
{
    /// <summary>Whether σ at the timesteps is interpolated linearly (false, the default) or spread evenly in log σ.</summary>
    public bool InterpolatesInLog { get; init; }

    /// <summary>Smallest σ of Karras, exponential and beta spacing; that of the last timestep when null.</summary>
    public double? SigmaMin { get; init; }

    /// <summary>Largest σ of Karras, exponential and beta spacing; that of the first timestep when null.</summary>
    public double? SigmaMax { get; init; }

    /// <summary>Whether the model is asked at <c>log(σ)/4</c> instead of a timestep, as EDM-style v-prediction models are.</summary>
    public bool UsesContinuousTimesteps { get; init; }

    /// <summary>The noise level that the last step goes to.</summary>
    public FinalSigma FinalSigma { get; init; } = FinalSigma.Zero;

    /// <summary>S_churn, how much noise is added and removed again over the whole generation, at least 0 (algorithm 2); 0 is deterministic.</summary>
    public double Churn { get; init; }

    /// <summary>S_tmin, the smallest σ at which churn acts.</summary>
    public double ChurnMinimum { get; init; }

    /// <summary>S_tmax, the largest σ at which churn acts.</summary>
    public double ChurnMaximum { get; init; } = double.PositiveInfinity;

    /// <summary>S_noise, the standard deviation of churned noise; a little above 1 makes up for lost detail.</summary>
    public double ChurnNoise { get; init; } = 1;
}
