namespace DiffusionSharp.Schedulers;

/// <summary>Where a sampler of the stochastic equation, which asks for noise twice within a step, takes it from.</summary>
public enum SdeNoise
{
    /// <summary>
    /// A Brownian path of the generation's own, so that the two halves of a step belong together and the number of steps does not change the
    /// path. Its seed is <see cref="DpmSolverSdeOptions.NoiseSeed"/>, or drawn from the generation's noise.
    /// </summary>
    BrownianPath,

    /// <summary>The generation's noise source, asked for the noise between two levels each time.</summary>
    Source,
}
