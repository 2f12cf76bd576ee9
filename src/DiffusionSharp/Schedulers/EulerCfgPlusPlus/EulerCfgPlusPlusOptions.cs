namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="EulerCfgPlusPlusScheduler"/>.</summary>
public sealed record EulerCfgPlusPlusOptions : SigmaOptions
{
    /// <summary>η in [0, 1], how much of the ancestral noise a step adds; 0, the default, follows the ODE, 1 is the ancestral form.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside [0, 1].</exception>
    public double Eta { get; init => field = OptionValue.Eta(value); }
}
