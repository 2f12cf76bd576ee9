namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="GradientEstimationScheduler"/>.</summary>
public sealed record GradientEstimationOptions : SigmaOptions
{
    /// <summary>γ, how far a step goes beyond the present slope, away from that of the step before; 2 by default, 1 is Euler's method. A positive number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a positive number.</exception>
    public double Gamma { get; init => field = OptionValue.Positive(value); } = 2;
}
