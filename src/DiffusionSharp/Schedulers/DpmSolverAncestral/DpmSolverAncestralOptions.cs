namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="DpmSolverAncestralScheduler"/>.</summary>
public sealed record DpmSolverAncestralOptions : SigmaOptions
{
    private readonly double _eta = 1;

    /// <summary>η in [0, 1], how much of the ancestral noise a step adds; 1, all of it, by default, 0 follows the ODE.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside [0, 1].</exception>
    public double Eta
    {
        get => _eta;
        init => _eta = OptionValue.Eta(value);
    }
}
