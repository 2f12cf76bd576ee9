using System.Numerics.Tensors;
using DiffusionSharp.Noise;

namespace DiffusionSharp.Latents;

/// <summary>Turns pictures into latents, for image-to-image and inpainting.</summary>
/// <remarks>Implementations are immutable and safe for concurrent calls.</remarks>
public interface ILatentEncoder
{
    /// <summary>The space of the latents that it returns.</summary>
    LatentSpace LatentSpace { get; }

    /// <summary>Encodes one picture.</summary>
    /// <param name="image">A picture <c>[1, 3, H, W]</c> in [-1, 1]; H and W are multiples of the downsampling factor.</param>
    /// <param name="noise">Noise for encoders that sample from a posterior: <c>z = mean + exp(logvar/2)·noise</c>, one draw; others leave it alone.</param>
    /// <param name="cancellationToken">Stops the encoding, also inside a model call.</param>
    /// <returns>The latent as it is diffused (scaled), <c>[1, C, H/factor, W/factor]</c>.</returns>
    /// <exception cref="ArgumentException">The image has the wrong shape.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    Tensor<float> Encode(Tensor<float> image, INoiseSource noise, CancellationToken cancellationToken = default);
}
