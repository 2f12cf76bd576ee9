using DiffusionSharp.Conditions;

namespace DiffusionSharp.Latents;

/// <summary>The latent space of a model that enlarges a picture: the size of the result follows from the small one, <see cref="LowResolution"/>.</summary>
public sealed record UpscaledSpace : LatentSpace
{
    /// <summary>Makes the space of an autoencoder that of an upscaler.</summary>
    /// <param name="space">The autoencoder's space.</param>
    /// <param name="times">How many times as wide and as high the result is as the small picture, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="times"/> is below 1.</exception>
    public UpscaledSpace(LatentSpace space, int times)
        : base(space)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        Times = times;
    }

    /// <summary>How many times as wide and as high the result is as the small picture.</summary>
    public int Times { get; }

    /// <inheritdoc/>
    public override (int Height, int Width)? SizeOf(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Part<LowResolution>() is not { Picture: { Rank: 4 } small } given)
        {
            return null;
        }

        int pixels = checked(Times * (given.IsLatent ? DownsamplingFactor : 1));
        return (checked((int)small.Lengths[2] * pixels), checked((int)small.Lengths[3] * pixels));
    }
}
