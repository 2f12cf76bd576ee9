namespace DiffusionSharp.Schedulers;

/// <summary>Options of <see cref="DpmSolverSdeScheduler"/>.</summary>
public sealed record DpmSolverSdeOptions : SigmaOptions
{
    /// <summary>Where the noise of the steps comes from.</summary>
    public SdeNoise Noise { get; init; } = SdeNoise.BrownianPath;

    /// <summary>
    /// The seed of the Brownian path, shared by the pictures of a batch; null to draw one for each picture from its noise, which makes the
    /// path follow the picture's own seed.
    /// </summary>
    public long? NoiseSeed { get; init; }
}
