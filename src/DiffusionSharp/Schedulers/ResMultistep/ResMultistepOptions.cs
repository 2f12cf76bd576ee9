namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="ResMultistepScheduler"/>.</summary>
public sealed record ResMultistepOptions : SigmaOptions
{
    private readonly double _eta;

    /// <summary>η in [0, 1], how much of the ancestral noise a step adds; 0, the default, follows the ODE, 1 is the ancestral form.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside [0, 1].</exception>
    public double Eta
    {
        get => _eta;
        init => _eta = OptionValue.Eta(value);
    }
}
