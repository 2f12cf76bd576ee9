using DiffusionSharp.Conditions;

namespace DiffusionSharp.Noise;

/// <summary>
/// Has the steps of a generation draw from a stream of their own, the whole batch in one draw, as the pipelines of the first latent diffusion models and
/// of DiT do with PyTorch's global generator. A picture of a batch cannot be made again alone then. Without it each picture's own stream goes on.
/// </summary>
/// <param name="Seed">The seed of the stream, at least 0.</param>
public sealed record StepNoise(long Seed) : IRequestPart
{
    /// <summary>Whether each draw is for twice as many pictures, of which the second half is dropped: diffusers' DiT steps the unconditional half of a guided batch, too.</summary>
    public bool DrawsForBothHalves { get; init; }

    /// <summary>The stream, of a source of its seed.</summary>
    internal INoiseSource Of(INoiseSource source) => DrawsForBothHalves ? new DoubledNoise(source) : source;
}
