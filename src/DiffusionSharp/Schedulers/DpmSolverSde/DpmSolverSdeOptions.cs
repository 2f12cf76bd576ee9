namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="DpmSolverSdeScheduler"/>.</summary>
public sealed record DpmSolverSdeOptions : SigmaOptions
{
    /// <summary>Where the noise of the steps comes from.</summary>
    public SdeNoise Noise { get; init; } = SdeNoise.BrownianPath;

    /// <summary>
    /// The seed of one Brownian path of the whole batch, as diffusers has it, so that a picture depends on its place and on how many there are;
    /// null for a path of each picture, with a seed drawn from its noise, so that a picture is the same alone and in a batch.
    /// </summary>
    public long? NoiseSeed { get; init; }
}
