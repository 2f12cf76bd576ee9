namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="DpmSolverAncestralScheduler"/>.</summary>
public sealed record DpmSolverAncestralOptions : SigmaOptions
{
    /// <summary>η in [0, 1], how much of the ancestral noise a step adds; 1, all of it, by default, 0 follows the ODE.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside [0, 1].</exception>
    public double Eta { get; init => field = OptionValue.Eta(value); } = 1;
}
