using DiffusionSharp.Conditions;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Latents;

/// <summary>What a decoder may know besides the latents: the class for a generative adversarial network, a size to crop to, noise of its own.</summary>
/// <param name="Request">The request, with every default filled in.</param>
/// <param name="Conditioning">The conditions at the end of the generation, a row for each picture.</param>
/// <param name="Noise">The noise of the generation; null where there is none, as in a preview, which must not disturb the streams.</param>
public sealed record DecodingContext(GenerationRequest Request, Conditioning Conditioning, GenerationNoise? Noise = null)
{
    /// <summary>Latents alone.</summary>
    public static DecodingContext None { get; } = new(new GenerationRequest(), Conditioning.None);
}
